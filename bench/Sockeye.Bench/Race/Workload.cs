namespace Sockeye.Bench.Race;

/// <summary>What the contenders are loaded with.</summary>
/// <param name="Scheme">What they serve: tcp, unix, udp, http or relay.</param>
internal sealed record Workload(string Name, string Title, string Scheme = "tcp")
{
    public static readonly Workload[] All =
    [
        new("ping-1", "TCP ping-pong, 64 bytes, 1 connection") { Connections = 1 },
        new("ping-64", "TCP ping-pong, 64 bytes, 64 connections"),
        new("ping-1000", "TCP ping-pong, 64 bytes, 1,000 connections") { Connections = 1000 },
        new("pipelined", "TCP, 64 bytes, 64 connections with 16 messages on their way each") { Window = 16 },
        new("large", "TCP ping-pong, 16 KiB, 64 connections") { Size = 16 * 1024, References = ["c-epoll", "c-liburing", "kestrel", "socket"] },
        new("connect", "TCP, connect, 64 bytes there and back, close; 64 at a time") { Load = "connect" },
        new("many-idle", "TCP ping-pong, 64 bytes, 64 connections beside idle ones") { Idle = 10_000 },
        new("unix", "Unix ping-pong, 64 bytes, 64 connections", "unix"),
        new("udp", "UDP echo, 64 bytes, 64 flows", "udp") { Load = "datagram", References = ["c-liburing", "socket"] },
        new("idle", "memory of idle TCP connections") { Connections = 100, Idle = 10_000, IsMemory = true },
        new("relay", "16 KiB, 64 connections, through a relay", "relay") { Size = 16 * 1024, Rests = true, IsPerProcessorSecond = true, References = ["haproxy", "nginx", "socat"] },
        new("http", "HTTP/1.1 plaintext, 64 connections", "http") { Load = "http", References = ["kestrel", "kestrel-inline"] },
    ];

    /// <summary>What the generator calls it.</summary>
    public string Load { get; private init; } = "stream";

    public int Connections { get; init; } = 64;

    public int Size { get; private init; } = 64;

    /// <summary>Messages on their way on a connection.</summary>
    public int Window { get; private init; } = 1;

    /// <summary>Connections beside, on which nothing happens.</summary>
    public int Idle { get; init; }

    /// <summary>Only memory is read.</summary>
    public bool IsMemory { get; private init; }

    /// <summary>What the processor does is told as messages a second of it, as relays are compared, and not as its time for a message.</summary>
    public bool IsPerProcessorSecond { get; private init; }

    /// <summary>The generator leaves its core to a helper when it has nothing to do.</summary>
    public bool Rests { get; private init; }

    /// <summary>Whom all are compared with, pair by pair.</summary>
    public string[] References { get; private init; } = ["c-liburing", "kestrel", "socket"];

    /// <summary>The same without the idle connections, where they could cost the others something.</summary>
    public Workload? WithoutIdle() => Idle > 0 && !IsMemory ? this with { Idle = 0 } : null;

    /// <summary>The same with so many idle connections, if it has any.</summary>
    public Workload WithIdle(int? count) => Idle > 0 && count is { } idle ? this with { Idle = idle } : this;

    public EchoPlace PlaceIn(string folder) => new(Scheme, Size * Window, Scheme == "unix" ? Path.Combine(folder, "echo") : null);

    public string[] ToArguments(string target) =>
        [Load, target, "--connections", $"{Connections}", "--size", $"{Size}", "--window", $"{Window}", "--idle", $"{Idle}", "--rest", Rests ? "1" : "0"];
}
