using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>The two ends of what is relayed, each a process of its own, on plain sockets: no Sockeye.</summary>
internal static class RelayLoad
{
    private const int Mebibyte = 1024 * 1024;
    private const int BlockSize = 256 * 1024;
    private const byte Bulk = 1;

    /// <summary>The target: takes a bulk to its end and answers one byte; answers anything else with itself.</summary>
    public static async Task<int> TargetAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        _ = AcceptAsync(listener);
        Console.ReadLine();
        return 0;
    }

    /// <summary>The client: for each line it reads a round, bulk or connections; prints the seconds it took.</summary>
    public static async Task<int> ClientAsync(int port, Settings settings)
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } round)
        {
            long start = Stopwatch.GetTimestamp();
            if (round == "bulk")
                await SendBulkAsync(port, (long)settings.Size * Mebibyte);
            else
                await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(_ => ConnectManyAsync(port, settings.Messages / settings.Connections)));
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 0;
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptAsync());
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                byte[] buffer = new byte[BlockSize];
                int count = await socket.ReceiveAsync(buffer);
                bool isBulk = count > 0 && buffer[0] == Bulk;
                while (count > 0)
                {
                    if (!isBulk)
                        await socket.SendAsync(buffer.AsMemory(0, count));
                    count = await socket.ReceiveAsync(buffer);
                }

                if (isBulk)
                    await socket.SendAsync(buffer.AsMemory(0, 1));
            }
            catch (SocketException)
            {
                // The relay was only asked whether it listens.
            }
        }
    }

    private static async Task SendBulkAsync(int port, long length)
    {
        using Socket socket = await ConnectAsync(port);
        byte[] block = new byte[BlockSize];
        block.AsSpan().Fill(Bulk);
        for (long sent = 0; sent < length;)
            sent += await socket.SendAsync(block.AsMemory(0, (int)Math.Min(block.Length, length - sent)));
        socket.Shutdown(SocketShutdown.Send);
        if (await socket.ReceiveAsync(block) != 1)
            throw new InvalidOperationException("the bulk was not taken to its end");
    }

    private static async Task ConnectManyAsync(int port, int count)
    {
        byte[] request = new byte[64];
        byte[] answer = new byte[64];
        for (int i = 0; i < count; i++)
        {
            using Socket socket = await ConnectAsync(port);
            await socket.SendAsync(request);
            for (int received = 0; received < answer.Length;)
            {
                int part = await socket.ReceiveAsync(answer.AsMemory(received));
                received += part > 0 ? part : throw new InvalidOperationException("the connection ended before its answer");
            }
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
