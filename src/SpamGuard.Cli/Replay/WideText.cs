using OxyPlot;

namespace SpamGuard.Cli.Replay;

/// <summary>Measures text for SVG as wide and as high as any usual font may draw it: which one the reader has, nobody knows here.</summary>
/// <remarks>The library's own measure is in points, a quarter too small: lines ran into each other, and the legend cut its texts off.</remarks>
internal sealed class WideText() : PdfRenderContext(1, 1, OxyColors.Undefined)
{
    private const double CharacterWidth = .62; // of the font's size; DejaVu Sans, among the widest, has .6 on average
    private const double LineHeight = 1.25;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        var lines = (text ?? string.Empty).Split('\n');
        return new OxySize(lines.Max(static line => line.Length) * CharacterWidth * fontSize, lines.Length * LineHeight * fontSize);
    }
}
