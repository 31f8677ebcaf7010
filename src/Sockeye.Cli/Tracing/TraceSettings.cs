namespace Sockeye.Cli.Tracing;

/// <summary>What the options of <c>sockeye trace</c> say.</summary>
internal sealed record TraceSettings
{
    public static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan WaitDefault = TimeSpan.FromSeconds(1);

    /// <summary>What is sent; empty sends nothing.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How long connecting may take over all addresses, with the handshakes above it.</summary>
    public TimeSpan Timeout { get; init; } = TimeoutDefault;

    /// <summary>How long nothing may come before the trace is ended.</summary>
    public TimeSpan Wait { get; init; } = WaitDefault;

    /// <summary>Whether our side stays open until the peer has ended its own, or is silent.</summary>
    public bool LetsPeerEnd { get; init; }

    /// <summary>How to speak TLS, where the address asks for it.</summary>
    public TlsClientOptions? Tls { get; init; }

    /// <summary>Opens a capture; null: none is wanted, or the network has none.</summary>
    public Func<PacketFilter, PacketCapture>? OpenCapture { get; init; }
}
