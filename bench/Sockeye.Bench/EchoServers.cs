using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Bench;

/// <summary>The servers that are raced: the same echo, written as each one's users would.</summary>
internal static class EchoServers
{
    /// <summary>As many as the peers in C take at once.</summary>
    private const int BatchDatagrams = 64;

    /// <summary>Those of bench/echo and bench/idle.</summary>
    public static readonly string[] Kinds = ["sockeye", "recorded", "socket"];

    /// <summary>Starts a server and returns its port; 0 when it has a path.</summary>
    public static async Task<int> StartAsync(string kind, EchoPlace place) => kind switch
    {
        "sockeye" => await StartSockeyeAsync(Network.Host, place),
        "recorded" => await StartSockeyeAsync(Network.Host, place, Recorder()),
        "socket" => SocketEcho.Start(place),
        _ => throw new ArgumentException($"unknown server {kind}; there are {string.Join(", ", Kinds)}"),
    };

    public static async Task<int> StartSockeyeAsync(Network network, EchoPlace place, SocketObserver? observer = null)
    {
        if (place.Scheme == "udp")
        {
            DatagramSocket socket = await network.OpenDatagramAsync(place.Address);
            _ = EchoAsync(socket, place.Size);
            return socket.Address.Port;
        }

        Listener listener = await network.ListenAsync(place.Address, new ListenerOptions { Observer = observer });
        _ = Server.RunAsync(listener, EchoAsync, CancellationToken.None);
        return place.Path is null ? listener.Address.Port : 0;
    }

    /// <summary>A recorder that never is full: what it holds is forgotten a few times a second, as a test does between two steps.</summary>
    private static MemoryRecorder Recorder()
    {
        MemoryRecorder recorder = new(capacity: int.MaxValue, dataBytesMax: int.MaxValue);
        _ = ClearAsync(recorder);
        return recorder;
    }

    private static async Task ClearAsync(MemoryRecorder recorder)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            recorder.Clear();
        }
    }

    /// <summary>What is alive where it waits is kept for each connection, so that is little: a message in one piece is written as it is.</summary>
    private static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        bool isCompleted;
        do
        {
            ReadResult result = await connection.Input.ReadAsync(stop);
            isCompleted = result.IsCompleted;
            SequencePosition end = result.Buffer.End;
            await (result.Buffer.IsSingleSegment ? connection.Output.WriteAsync(result.Buffer.First, stop) : WriteAllAsync(connection.Output, result.Buffer, stop));
            connection.Input.AdvanceTo(end);
        }
        while (!isCompleted);
    }

    private static async ValueTask<FlushResult> WriteAllAsync(PipeWriter output, ReadOnlySequence<byte> parts, CancellationToken stop)
    {
        foreach (ReadOnlyMemory<byte> part in parts)
            await output.WriteAsync(part, stop);
        return default;
    }

    private static async Task EchoAsync(DatagramSocket socket, int size)
    {
        DatagramBatch batch = new(BatchDatagrams, size);
        while (true)
        {
            await socket.ReceiveAsync(batch);
            await socket.SendAsync(batch);
        }
    }
}
