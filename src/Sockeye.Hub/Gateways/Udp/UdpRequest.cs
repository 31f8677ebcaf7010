using System.Text;
using System.Text.Unicode;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>What one datagram asks for. Pure.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">How long it was.</param>
/// <param name="Number">The client's own number, as it was written behind <c>#</c>; null: it has none.</param>
/// <param name="Name">Of a command its name; of what is said to one member theirs.</param>
/// <param name="Text">What is to be said, or what follows the command.</param>
/// <param name="IsSlashed">Of a command: it was written with its slash, as only <c>quit</c> need not be.</param>
internal readonly record struct UdpRequest(UdpRequestKind Kind, int Bytes, string? Number = null, string Name = "", string Text = "", bool IsSlashed = false)
{
    /// <summary>The most digits of a client's own number.</summary>
    private const int DigitsMax = 18;

    /// <summary>Reads a datagram. Whatever it holds is a request of some kind.</summary>
    /// <param name="datagram">Its bytes.</param>
    /// <param name="isTruncated">It was longer.</param>
    public static UdpRequest Read(ReadOnlySpan<byte> datagram, bool isTruncated = false)
    {
        int bytes = datagram.Length;
        if (isTruncated)
            return new UdpRequest(UdpRequestKind.TooLong, bytes, NumberOf(datagram));
        if (!Utf8.IsValid(datagram))
            return new UdpRequest(UdpRequestKind.NotUtf8, bytes, NumberOf(datagram));
        string text = ChatText.Clean(Encoding.UTF8.GetString(datagram));
        string? number = TakeNumber(ref text);
        UdpRequest request = ReadText(text, bytes);
        return request with { Number = number };
    }

    private static UdpRequest ReadText(string text, int bytes)
    {
        if (text.Length == 0)
            return new UdpRequest(UdpRequestKind.Empty, bytes);

        // Twice the first character: it is meant to be said.
        if (text.StartsWith("@@", StringComparison.Ordinal) || text.StartsWith("##", StringComparison.Ordinal) || text.StartsWith("//", StringComparison.Ordinal))
            return new UdpRequest(UdpRequestKind.Message, bytes, Text: text[1..]);
        if (text[0] == '@')
            return ToOne(text[1..], bytes);
        if (text[0] != '/' && text != "quit")
            return new UdpRequest(UdpRequestKind.Message, bytes, Text: text);
        PlainLine line = PlainLine.Read(text.ReplaceLineEndings(" "));
        return line.Command is "msg" or "tell"
            ? ToOne(text[(line.Command.Length + 1)..].TrimStart().TrimStart('@'), bytes)
            : new UdpRequest(UdpRequestKind.Command, bytes, Name: line.Command!, Text: line.Rest, IsSlashed: text[0] == '/');
    }

    private static UdpRequest ToOne(string nameAndText, int bytes)
    {
        int end = nameAndText.AsSpan().IndexOfAny(' ', '\n');
        return end < 0
            ? new UdpRequest(UdpRequestKind.ToOne, bytes, Name: nameAndText)
            : new UdpRequest(UdpRequestKind.ToOne, bytes, Name: nameAndText[..end], Text: nameAndText[end..].Trim());
    }

    /// <summary>Takes <c>#17</c> off: up to 18 digits with a space or nothing behind them.</summary>
    private static string? TakeNumber(ref string text)
    {
        int digits = 0;
        while (digits < DigitsMax && digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
            digits++;
        if (digits == 0 || text[0] != '#' || (text.Length > digits + 1 && text[digits + 1] is not (' ' or '\n')))
            return null;
        string number = text[1..(digits + 1)];
        text = text[(digits + 1)..].TrimStart();
        return number;
    }

    /// <summary>The number before what cannot be read.</summary>
    private static string? NumberOf(ReadOnlySpan<byte> datagram)
    {
        string beginning = Encoding.Latin1.GetString(datagram[..Math.Min(datagram.Length, DigitsMax + 2)]);
        return TakeNumber(ref beginning);
    }
}
