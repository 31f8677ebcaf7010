using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>
/// What addresses are answered that the hub does not know. Of these it keeps nothing. A sender beyond this machine may be forged, and the answer go to somebody who never asked: until
/// the token has come back, it is at most three times as long as what was sent, headers counted (as in RFC 9000, 8.1).
/// </summary>
internal sealed class UdpStrangers(UdpLimits limits, AddressTokens tokens, int datagramBytesMax)
{
    /// <summary>So many times what came in may go out.</summary>
    public const int AnswerFactor = 3;

    private const int IPv4AndUdpHeader = 20 + 8;
    private const int IPv6AndUdpHeader = 40 + 8;

    /// <summary>The bytes of IP and UDP before what a datagram carries.</summary>
    public static int HeaderBytes(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? IPv6AndUdpHeader : IPv4AndUdpHeader;

    /// <summary>Who a stranger wants to be, if it may: from this machine at once, from others with the token; null: it is to be answered.</summary>
    public string? NameFor(UdpRequest request, IPEndPoint from)
    {
        if (request.Kind != UdpRequestKind.Command)
            return null;
        if (IPAddress.IsLoopback(from.Address))
            return request is { Name: "name", Text.Length: > 0 } ? request.Text : null;
        (string token, string name) = Plain.PlainLine.Split(request.Text);
        return request.Name == "token" && name.Length > 0 && tokens.IsGood(token, from) ? name : null;
    }

    /// <summary>The answer to a stranger, with its LF.</summary>
    public byte[] AnswerTo(UdpRequest request, IPEndPoint from)
    {
        if (IPAddress.IsLoopback(from.Address))
            return Line(request, AnswerHere(request));
        int header = HeaderBytes(from.Address);
        int bytesMax = Math.Min(limits.DatagramBytesMax, (AnswerFactor * (header + request.Bytes)) - header);
        foreach (string answer in AnswersElsewhere(request, from))
        {
            if (Line(request, answer) is { } line && line.Length <= bytesMax)
                return line;
        }

        return Line(request with { Number = null }, $"! Send /token {tokens.Make(from)} NAME");
    }

    private string AnswerHere(UdpRequest request) => request switch
    {
        { Kind: UdpRequestKind.Command, Name: "help" } => UdpTexts.Help,
        { Kind: UdpRequestKind.Command, Name: "quit" } => Plain.PlainTexts.GoodBye,
        { Kind: UdpRequestKind.Command, Name: "name" } => Plain.PlainTexts.Usage("/name NAME"),
        { Kind: UdpRequestKind.Command, Name: "token" } => UdpTexts.NoToken,
        { Kind: UdpRequestKind.NotUtf8 } => UdpTexts.NotUtf8,
        { Kind: UdpRequestKind.TooLong } => UdpTexts.TooLong(datagramBytesMax),
        _ => UdpTexts.Unknown,
    };

    /// <summary>What may be said, the best first.</summary>
    private IEnumerable<string> AnswersElsewhere(UdpRequest request, IPEndPoint from)
    {
        string token = tokens.Make(from);
        if (request is { Kind: UdpRequestKind.Command, Name: "name", Text: { Length: > 0 } name })
        {
            yield return $"* Welcome. To show that this address is yours, and to be {name}, send: /token {token} {name}";
            yield return $"* Welcome. Now send: /token {token} {name}";
        }

        yield return $"! This hub does not know your address: send /token {token} NAME to say who you are, then this again.";
        yield return $"! To come in, send /token {token} NAME";
    }

    /// <summary>An answer to a request.</summary>
    public static byte[] Line(UdpRequest request, string text) =>
        Encoding.UTF8.GetBytes(request.Number is { } number ? $"#{number} {text}\n" : $"{text}\n");
}
