using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>The servers that are raced: the same echo, written as each one's users would.</summary>
internal static class EchoServers
{
    public static readonly string[] Kinds = ["sockeye", "recorded", "socket"];

    /// <summary>Starts a server on a free loopback port.</summary>
    public static async Task<int> StartAsync(string kind) => kind switch
    {
        "sockeye" => await StartSockeyeAsync(observer: null),
        "recorded" => await StartSockeyeAsync(Recorder()),
        "socket" => StartSocket(),
        _ => throw new ArgumentException($"unknown server {kind}; there are {string.Join(", ", Kinds)}"),
    };

    private static async Task<int> StartSockeyeAsync(SocketObserver? observer)
    {
        Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = observer });
        _ = Server.RunAsync(listener, EchoAsync, CancellationToken.None);
        return listener.Address.Port;
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

    private static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(stop);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.Output.WriteAsync(part, stop);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>System.Net.Sockets as its documentation shows it: a task and a buffer a connection.</summary>
    private static int StartSocket()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true)
            _ = EchoAsync(await listener.AcceptAsync());
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[4096];
            while (true)
            {
                int count = await socket.ReceiveAsync(buffer.AsMemory());
                if (count == 0)
                    return;
                for (int sent = 0; sent < count;)
                    sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
    }
}
