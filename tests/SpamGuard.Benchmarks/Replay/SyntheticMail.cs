extern alias cli;
using System.Buffers.Text;
using System.Text;
using cli::SpamGuard.Cli.Replay;

namespace SpamGuard.Benchmarks.Replay;

/// <summary>A file of synthetic events that is made while it is read: the same bytes at every reading, and none of them kept.</summary>
/// <remarks>
/// 500,000 events a simulated week, a fifth of them sign-ups. 200,000 addresses are in play at a time, some far busier than others, in 20,000 /24
/// and 800 /16; an eighth of the addresses is replaced every week, so that who was seen goes on growing and only forgetting bounds what is held.
/// An eighth of the /24 send spam, nine events in ten. Half of the spam and a quarter of the rest is reported, up to six hours later.
/// </remarks>
/// <param name="events">How many.</param>
internal sealed class SyntheticMail(long events) : Stream
{
    private const long EventsAWeek = 500_000;
    private const long WeekMilliseconds = 7L * 24 * 3600 * 1000;
    private const int Addresses = 200_000;
    private const long EventsALife = 8 * EventsAWeek;
    private const int LongestLine = 128;
    private static readonly long First = new DateTimeOffset(2020, 1, 6, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly byte[] _made = new byte[1 << 16];
    private ulong _random = 0x9e37_79b9_7f4a_7c15;
    private int _from;
    private int _to;
    private long _next = -1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_from == _to)
        {
            Make();
        }

        var length = Math.Min(buffer.Length, _to - _from);
        _made.AsSpan(_from, length).CopyTo(buffer);
        _from += length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Make()
    {
        (_from, _to) = (0, 0);
        if (_next < 0)
        {
            _to = Encoding.ASCII.GetBytes(string.Join(',', MailColumns.Names) + "\n", _made);
            _next = 0;
        }

        for (; _next < events && _to + LongestLine <= _made.Length; _next++)
        {
            Line();
        }
    }

    private void Line()
    {
        var time = First + (_next * WeekMilliseconds / EventsAWeek);
        var spread = Uniform();
        var place = (long)(spread * spread * Addresses);
        var address = place + (Addresses * ((_next + (place * EventsALife / Addresses)) / EventsALife)); // who was there before is not seen again
        var network = address / 10;
        var spam = Uniform() < (network % 8 == 0 ? .9 : .01);
        Time(time);
        Text(Uniform() < .2 ? ",sign_up,"u8 : ",message,"u8);
        Number(20 + (network / 25 % 40), '.');
        Number(network / 1000 % 250, '.');
        Number(network % 25 * 10, '.');
        Number(1 + (address % 10), ',');
        Text(spam ? ",,spam,"u8 : ",,legitimate,"u8);
        if (Uniform() < (spam ? .5 : .25))
        {
            Text(spam ? "spam,"u8 : "legitimate,"u8);
            Time(time + (long)(Uniform() * 6 * 3600 * 1000));
        }
        else
        {
            Text(","u8);
        }

        _made[_to++] = (byte)'\n';
    }

    private void Time(long milliseconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        Utf8Formatter.TryFormat(time.UtcDateTime, _made.AsSpan(_to), out _, 'O');
        _to += 23; // 2020-01-06T00:00:00.000, and four more digits that are zero
        _made[_to++] = (byte)'Z';
    }

    private void Number(long number, char behind)
    {
        Utf8Formatter.TryFormat(number, _made.AsSpan(_to), out var written);
        _to += written;
        _made[_to++] = (byte)behind;
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_made.AsSpan(_to));
        _to += text.Length;
    }

    // xorshift64*: made here so that the file is the same on every runtime.
    private double Uniform()
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return (_random * 0x2545_f491_4f6c_dd1d >> 11) / (double)(1L << 53);
    }
}
