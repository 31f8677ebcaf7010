namespace Sockeye.Bench;

/// <summary>Where an echo server listens, a free port of the loopback or a path, and how many bytes come at once.</summary>
/// <param name="Scheme">tcp, unix, udp or http.</param>
internal sealed record EchoPlace(string Scheme, int Size, string? Path = null)
{
    private static readonly EchoPlace Default = new("tcp", 64);

    /// <summary>The place as an address of Sockeye.</summary>
    public string Address => Path is null ? $"{Scheme}://127.0.0.1:0" : $"{Scheme}://{Path}";

    /// <summary>What a task-and-buffer server takes for a connection: a message, and a page at least.</summary>
    public int BufferSize => Math.Max(Size, 4096);

    public static EchoPlace Parse(string[] args) => args switch
    {
        [] => Default,
        [var scheme, var size] => new EchoPlace(scheme, int.Parse(size)),
        [var scheme, var size, var path] => new EchoPlace(scheme, int.Parse(size), path),
        _ => throw new ArgumentException($"no place to listen: {string.Join(' ', args)}"),
    };

    public string[] ToArguments() => Path is null ? [Scheme, $"{Size}"] : [Scheme, $"{Size}", Path];
}
