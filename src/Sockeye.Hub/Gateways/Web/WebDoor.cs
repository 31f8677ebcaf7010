using Sockeye.Hub.Domain;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What all pages share: how many there may be, and what they are all told.</summary>
/// <param name="host">The host name that the door was given, which browsers may use for it.</param>
/// <param name="context">The hub.</param>
internal sealed class WebDoor(string host, GatewayContext context)
{
    private ChatEvent? _last;
    private byte[]? _lastEncoded;

    /// <summary>The host name that the door was given.</summary>
    public string Host => host;

    /// <summary>The hub.</summary>
    public GatewayContext Context => context;

    /// <summary>How far pages can make things grow.</summary>
    public WebLimits Limits => context.Options.Limits.Web;

    /// <summary>Counts the open pages.</summary>
    public ConnectionLimits Pages { get; } = Limit(context.Options, 1);

    /// <summary>Counts the connections, pages or not.</summary>
    public ConnectionLimits Connections { get; } = Limit(context.Options, context.Options.Limits.Web.ConnectionsPerPage);

    /// <summary>What pages that watch the wire can ask about.</summary>
    public WireRecords Records { get; } = new();

    /// <summary>What happened as JSON, made once for all pages that are shown it one after the other. In the hub's loop only.</summary>
    public byte[]? Encode(ChatEvent happened)
    {
        if (ReferenceEquals(happened, _last))
            return _lastEncoded;
        byte[]? encoded = WebEvents.Encode(happened);
        (_last, _lastEncoded) = (happened, encoded);
        return encoded;
    }

    private static ConnectionLimits Limit(HubOptions options, int each) =>
        new(Times(options.WebConnectionsMax, each), Times(options.WebConnectionsPerAddressMax, each), options.LimitsLoopback);

    private static int Times(int count, int each) => (int)Math.Min(int.MaxValue, (long)count * each);
}
