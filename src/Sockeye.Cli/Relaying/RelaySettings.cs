namespace Sockeye.Cli.Relaying;

/// <summary>What the options of <c>sockeye relay</c> say.</summary>
internal sealed record RelaySettings
{
    public static readonly TimeSpan ConnectTimeoutDefault = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan DrainTimeoutDefault = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan DatagramIdleTimeoutDefault = TimeSpan.FromSeconds(60);

    /// <summary>The most connections, or senders of datagrams, at a time; null for the library's own.</summary>
    public int? Limit { get; init; }

    public int? LimitPerAddress { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = ConnectTimeoutDefault;

    /// <summary>How to speak TLS to clients; null where no address asks for it.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>How to speak TLS to the target, if its address asks for it.</summary>
    public TlsClientOptions? TargetTls { get; init; }

    /// <summary>Is told of both sides' sockets; null for nobody.</summary>
    public SocketObserver? Observer { get; init; }

    /// <summary>Is told of the clients' side alone; null for nobody.</summary>
    public SocketObserver? ClientObserver { get; init; }

    /// <summary>Is told of the target's side alone; null for nobody.</summary>
    public SocketObserver? TargetObserver { get; init; }

    /// <summary>Whoever is told of the clients' sockets.</summary>
    public SocketObserver? ClientSide => SocketObserver.Combine(Observer, ClientObserver);

    /// <summary>Whoever is told of the sockets towards the target.</summary>
    public SocketObserver? TargetSide => SocketObserver.Combine(Observer, TargetObserver);

    /// <summary>Whose numbers connections have in the event lines, so that they are those of the view; null: the lines count for themselves.</summary>
    public ViewNumbers? Numbers { get; init; }

    /// <summary>Whether a view on the same terminal shows how connections end: the lines only say what it does not.</summary>
    public bool ShowsEnds { get; init; }

    /// <summary>What makes go wrong what is relayed; null for nothing.</summary>
    public FaultControl? Faults { get; init; }

    public TimeSpan DrainTimeout { get; init; } = DrainTimeoutDefault;
}
