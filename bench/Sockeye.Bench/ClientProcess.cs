using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>The process that loads a server, the same for all: plain sockets, no Sockeye.</summary>
internal static class ClientProcess
{
    private const int ConnectBatch = 256;

    public static Task<int> RunAsync(string mode, int port, Settings settings) => mode switch
    {
        "hold" => HoldAsync(port, settings),
        "ping" => PingAsync(port, settings),
        "flood" => FloodAsync(port, settings),
        _ => throw new ArgumentException($"unknown mode {mode}"),
    };

    /// <summary>Opens connections, has one message echoed on each, and holds them until its standard input ends.</summary>
    private static async Task<int> HoldAsync(int port, Settings settings)
    {
        List<Socket> sockets = await ConnectAsync(port, settings.Connections);
        byte[] buffer = new byte[1];
        foreach (Socket socket in sockets)
            await RoundTripAsync(socket, buffer);
        Console.WriteLine("held");
        Console.ReadLine();
        return 0;
    }

    /// <summary>For each line read: a round of ping-pong on all connections; prints the seconds it took.</summary>
    private static async Task<int> PingAsync(int port, Settings settings)
    {
        List<Socket> sockets = await ConnectAsync(port, settings.Connections);
        Console.WriteLine("connected");
        while (Console.ReadLine() is not null)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(sockets.Select(socket => PingAsync(socket, settings.Messages / settings.Connections, settings.Size)));
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 0;
    }

    /// <summary>Sends on all connections without a pause, and takes what comes, until its standard input ends.</summary>
    private static async Task<int> FloodAsync(int port, Settings settings)
    {
        List<Socket> sockets = await ConnectAsync(port, settings.Connections);
        foreach (Socket socket in sockets)
        {
            _ = SendOnAsync(socket, settings.Size);
            _ = ReceiveOnAsync(socket);
        }

        Console.WriteLine("flooding");
        Console.ReadLine();
        return 0;
    }

    private static async Task SendOnAsync(Socket socket, int size)
    {
        byte[] buffer = new byte[size];
        while (true)
        {
            // Else one whose sends never wait would keep the thread from the others.
            await Task.Yield();
            await socket.SendAsync(buffer);
        }
    }

    private static async Task ReceiveOnAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        do
        {
            await Task.Yield();
        }
        while (await socket.ReceiveAsync(buffer) > 0);
    }

    private static async Task PingAsync(Socket socket, int messages, int size)
    {
        byte[] buffer = new byte[size];
        for (int i = 0; i < messages; i++)
            await RoundTripAsync(socket, buffer);
    }

    private static async Task RoundTripAsync(Socket socket, byte[] buffer)
    {
        for (int sent = 0; sent < buffer.Length;)
            sent += await socket.SendAsync(buffer.AsMemory(sent));
        for (int received = 0; received < buffer.Length;)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(received));
            if (count == 0)
                throw new InvalidOperationException("the server ended the connection");
            received += count;
        }
    }

    private static async Task<List<Socket>> ConnectAsync(int port, int count)
    {
        List<Socket> sockets = [];
        while (sockets.Count < count)
        {
            Task<Socket>[] batch = [.. Enumerable.Range(0, Math.Min(ConnectBatch, count - sockets.Count)).Select(_ => ConnectAsync(port))];
            sockets.AddRange(await Task.WhenAll(batch));
        }

        return sockets;
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
