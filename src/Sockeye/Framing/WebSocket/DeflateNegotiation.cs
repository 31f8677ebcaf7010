using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace Sockeye;

/// <summary>Agreeing on permessage-deflate: RFC 7692, section 7.1.</summary>
internal static class DeflateNegotiation
{
    public const string Name = "permessage-deflate";

    private const string ServerNoContext = "server_no_context_takeover";
    private const string ClientNoContext = "client_no_context_takeover";
    private const string ServerWindow = "server_max_window_bits";
    private const string ClientWindow = "client_max_window_bits";

    /// <summary>What a client offers.</summary>
    public static string Offer(WebSocketDeflateOptions options)
    {
        StringBuilder offer = new(Name);
        if (!options.ServerContextTakeover)
            Add(offer, ServerNoContext);
        if (!options.ClientContextTakeover)
            Add(offer, ClientNoContext);
        if (options.ServerMaxWindowBits < Deflater.WindowBitsMax)
            Add(offer, ServerWindow, options.ServerMaxWindowBits);

        // Without a value it says that a limit would be kept.
        Add(offer, ClientWindow, options.ClientMaxWindowBits < Deflater.WindowBitsMax ? options.ClientMaxWindowBits : null);
        return offer.ToString();
    }

    /// <summary>What a server answers: the first offer it can keep, with the header's value; null declines them all.</summary>
    public static (DeflateParameters Parameters, string Answer)? Accept(IEnumerable<WebSocketExtension> offers, WebSocketDeflateOptions options)
    {
        foreach (WebSocketExtension offer in offers.Where(IsDeflate))
        {
            if (Read(offer, isOffer: true) is { } offered)
                return Answer(offered, options);
        }

        return null;
    }

    /// <summary>What the server's answer means to the client that offered; null when it is none to that offer.</summary>
    public static DeflateParameters? Check(WebSocketExtension answer, WebSocketDeflateOptions options)
    {
        if (!IsDeflate(answer) || Read(answer, isOffer: false) is not { } agreed)
            return null;

        // Section 7.1.1.1 and 7.1.2.1: what was asked of the server it has to confirm.
        if (!options.ServerContextTakeover && !agreed.ServerNoContext)
            return null;
        if (options.ServerMaxWindowBits < Deflater.WindowBitsMax && !(agreed.ServerWindow <= options.ServerMaxWindowBits))
            return null;

        // Section 7.1.2.2: the server may make the client's window smaller than was offered, not larger.
        if (agreed.ClientWindow > options.ClientMaxWindowBits)
            return null;
        return new DeflateParameters(
            !agreed.ServerNoContext,
            options.ClientContextTakeover && !agreed.ClientNoContext,
            agreed.ServerWindow ?? Deflater.WindowBitsMax,
            Math.Min(agreed.ClientWindow ?? Deflater.WindowBitsMax, options.ClientMaxWindowBits));
    }

    private static bool IsDeflate(WebSocketExtension extension) => string.Equals(extension.Name, Name, StringComparison.OrdinalIgnoreCase);

    private static (DeflateParameters Parameters, string Answer) Answer(Request offered, WebSocketDeflateOptions options)
    {
        StringBuilder answer = new(Name);
        bool serverForgets = offered.ServerNoContext || !options.ServerContextTakeover;
        bool clientForgets = offered.ClientNoContext || !options.ClientContextTakeover;
        int serverWindow = Math.Min(offered.ServerWindow ?? Deflater.WindowBitsMax, options.ServerMaxWindowBits);

        // A client that did not say it can limit its window must not be asked to (section 7.1.2.2).
        int clientWindow = offered.HasClientWindow ? Math.Min(offered.ClientWindow ?? Deflater.WindowBitsMax, options.ClientMaxWindowBits) : Deflater.WindowBitsMax;
        if (serverForgets)
            Add(answer, ServerNoContext);
        if (clientForgets)
            Add(answer, ClientNoContext);
        if (offered.ServerWindow is not null || serverWindow < Deflater.WindowBitsMax)
            Add(answer, ServerWindow, serverWindow);
        if (clientWindow < Deflater.WindowBitsMax)
            Add(answer, ClientWindow, clientWindow);
        return (new DeflateParameters(!serverForgets, !clientForgets, serverWindow, clientWindow), answer.ToString());
    }

    /// <summary>Null for a parameter that is unknown, double, or has a value it may not have: the whole is to be declined (section 7.1).</summary>
    private static Request? Read(WebSocketExtension extension, bool isOffer)
    {
        Request request = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string? value) in extension.Parameters)
        {
            if (!seen.Add(name))
                return null;
            int? bits = WindowBits(value);
            switch (name)
            {
                case ServerNoContext when value is null:
                    request.ServerNoContext = true;
                    break;
                case ClientNoContext when value is null:
                    request.ClientNoContext = true;
                    break;
                case ServerWindow when bits is not null:
                    request.ServerWindow = bits;
                    break;
                case ClientWindow when bits is not null || (isOffer && value is null):
                    request.HasClientWindow = true;
                    request.ClientWindow = bits;
                    break;
                default:
                    return null;
            }
        }

        return request;
    }

    /// <summary>8 to 15, in decimal without leading zeros.</summary>
    private static int? WindowBits(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
        && bits is >= Deflater.WindowBitsMin and <= Deflater.WindowBitsMax && value![0] != '0' ? bits : null;

    private static void Add(StringBuilder header, string name, int? value = null)
    {
        header.Append("; ").Append(name);
        if (value is { } number)
            header.Append('=').Append(number);
    }

    /// <summary>The parameters of an offer or an answer as they were written.</summary>
    private sealed class Request
    {
        public bool ServerNoContext { get; set; }

        public bool ClientNoContext { get; set; }

        public int? ServerWindow { get; set; }

        public bool HasClientWindow { get; set; }

        public int? ClientWindow { get; set; }
    }
}
