using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>HTML that is safe by how it is written: what stands in the source is markup, and whatever is put into it is encoded, as text and for attributes.</summary>
/// <remarks>There is no way to add a text that is not encoded, but for the style sheet.</remarks>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup; its holes are encoded.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Adds one piece for each of some items.</summary>
    public HtmlText Each<T>(IEnumerable<T> items, Action<HtmlText, T> piece)
    {
        foreach (var item in items)
        {
            piece(this, item);
        }

        return this;
    }

    /// <summary>Adds the style sheet as it is: it is ours, and its hash is that of its very characters.</summary>
    public HtmlText AddStyle(string css)
    {
        _text.Append(css);
        return this;
    }

    /// <summary>All of it.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Writes what stands between the quotes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly struct Markup
    {
        private readonly StringBuilder _to;

        /// <summary>Called by the compiler.</summary>
        public Markup(int literalLength, int formattedCount, HtmlText html)
        {
            _to = html._text;
            _to.EnsureCapacity(_to.Length + literalLength + (formattedCount * 8));
        }

        /// <summary>Markup of the source.</summary>
        public void AppendLiteral(string markup) => _to.Append(markup);

        /// <summary>A text.</summary>
        public void AppendFormatted(string? text) => _to.Append(HtmlEncoder.Default.Encode(text ?? string.Empty));

        /// <summary>A whole number, with commas at the thousands.</summary>
        public void AppendFormatted(long number) => _to.Append(number.ToString("N0", CultureInfo.InvariantCulture));

        /// <summary>A number for attributes, with at most two decimals.</summary>
        public void AppendFormatted(double number) => _to.Append(number.ToString("0.##", CultureInfo.InvariantCulture));

        /// <summary>A month.</summary>
        public void AppendFormatted(Month month) => _to.Append(month.ToString());
    }
}
