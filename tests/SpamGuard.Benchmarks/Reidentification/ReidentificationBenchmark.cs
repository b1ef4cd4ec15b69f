using System.Globalization;
using System.Runtime.InteropServices;

namespace SpamGuard.Benchmarks.Reidentification;

/// <summary>The verb <c>reidentify</c> without its command line: what each holding gives back, and what all of IPv4 would cost.</summary>
internal static class ReidentificationBenchmark
{
    public const int DefaultBits = 22;
    public const int FewestBits = 16;
    public const int MostBits = 24;

    private const int Planted = 1000;
    private const double AllOfIpv4 = 4_294_967_296;

    /// <summary>Prints a line a holding.</summary>
    /// <returns>0 where the pepper with the live salts gave back every address, and nothing else gave back any.</returns>
    public static int Run(int bits, TextWriter output, CancellationToken cancellationToken)
    {
        using var attack = new BruteForce(bits, Planted);
        attack.Try(Holding.All[0], cancellationToken); // the compiler's time is nobody's cost
        var bound = BruteForce.TwoBlocks(attack.Size);
        output.WriteLine(Text($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, one thread; {attack.Planted} records, every one of {attack.Size} addresses tried"));
        output.WriteLine(Text($"reference: two blocks of SHA-256 an address without the calls, {Nanoseconds(bound, attack.Size):0} ns: all of IPv4 in {Minutes(bound, attack.Size):0} min of one core"));
        output.WriteLine();
        output.WriteLine("held                                          addresses found  ns/address  ÷ reference  all of IPv4, one core");
        var asExpected = true;
        foreach (var holding in Holding.All)
        {
            var (found, processor) = attack.Try(holding, cancellationToken);
            output.WriteLine(Text(
                $"{holding.Name,-45}{$"{found} of {attack.Planted}",16}{Nanoseconds(processor, attack.Size),12:0}{processor / bound,13:0.0}{Minutes(processor, attack.Size),19:0} min"));
            asExpected &= found == (holding is { HasPepper: true, HasSalt: true } ? attack.Planted : 0);
        }

        return asExpected ? 0 : 1;
    }

    private static double Nanoseconds(TimeSpan processor, int addresses) => processor.TotalNanoseconds / addresses;

    private static double Minutes(TimeSpan processor, int addresses) => processor.TotalMinutes / addresses * AllOfIpv4;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
