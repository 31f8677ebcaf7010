using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Bench.Hub;

/// <summary>One member of the room, over plain sockets: comes in by the hub's text door or by IRC, then counts what it is shown.</summary>
/// <param name="load">Where it counts.</param>
/// <param name="name">Who it is.</param>
/// <param name="from">Its own address.</param>
/// <param name="room">By IRC, which room; the hub's people are in its lobby, all of them.</param>
internal sealed class HubClient(HubLoad load, string name, IPAddress from, int room) : IDisposable
{
    /// <summary>Stands once in each message, and in nothing else that either server sends.</summary>
    public const byte Mark = (byte)'^';

    private const int BufferSize = 4096;

    /// <summary>How much of what came is looked at again with what comes next, as an answer may come in parts.</summary>
    private const int KeptCharacters = 64;

    private static readonly SslClientAuthenticationOptions Tls = new()
    {
        TargetHost = "bench.example.net",

        // Each is a stranger, as the clients of a chat are: none resumes what another began.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=bench.example.net",
    };

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private SslStream? _tls;
    private volatile bool _left;

    public async Task EnterAsync(int port)
    {
        _socket.Bind(new IPEndPoint(from, 0));
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        if (load.IsTls)
        {
            _tls = new SslStream(new NetworkStream(_socket));
            await _tls.AuthenticateAsClientAsync(Tls);
        }

        byte[] buffer = new byte[BufferSize];
        if (load.IsHub)
        {
            await SendAsync($"{name}\r\n");
            await WaitForAsync("* You are in #lobby", buffer);
        }
        else
        {
            await SendAsync($"NICK {name}\r\nUSER {name} 0 * :{name}\r\n");
            await WaitForAsync(" 001 ", buffer);
            await SendAsync($"JOIN #lobby{room}\r\n");
            await WaitForAsync(" 366 ", buffer);
        }

        _ = CountAsync(buffer);
    }

    /// <summary>Sends so many messages of so many characters without waiting for anything.</summary>
    public Task SayAsync(int messages, int size)
    {
        string line = $"{(load.IsHub ? "" : "PRIVMSG #lobby0 :")}{(char)Mark}{new string('x', size - 1)}\r\n";
        return SendAsync(string.Concat(Enumerable.Repeat(line, messages)));
    }

    public void Dispose()
    {
        _left = true;
        _tls?.Dispose();
        _socket.Dispose();
    }

    private async Task SendAsync(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        if (_tls is not null)
        {
            await _tls.WriteAsync(bytes);
            return;
        }

        for (int sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent));
    }

    private async Task WaitForAsync(string answer, byte[] buffer)
    {
        string seen = "";
        while (true)
        {
            int count = await ReceiveAsync(buffer);
            seen += Encoding.Latin1.GetString(buffer, 0, count);
            if (seen.Contains(answer, StringComparison.Ordinal))
                return;
            if (seen.Contains(" 433 ", StringComparison.Ordinal) || seen.Contains("\n! ", StringComparison.Ordinal))
                throw new InvalidOperationException($"{name} was not let in: {seen}");
            seen = seen[^Math.Min(seen.Length, KeptCharacters)..];
        }
    }

    private async Task CountAsync(byte[] buffer)
    {
        try
        {
            while (true)
            {
                int count = await ReceiveAsync(buffer);
                int marks = buffer.AsSpan(0, count).Count(Mark);
                if (marks > 0)
                    load.Delivered(marks);
                else if (!load.IsHub && buffer.AsSpan(0, count).StartsWith("PING"u8))
                    await SendAsync(Encoding.Latin1.GetString(buffer, 0, count).Replace("PING", "PONG", StringComparison.Ordinal));
            }
        }
        catch (Exception) when (_left)
        {
            // As it was told.
        }
        catch (Exception e)
        {
            load.Failed($"{name}: {e.Message}");
        }
    }

    private async ValueTask<int> ReceiveAsync(byte[] buffer)
    {
        int count = _tls is null ? await _socket.ReceiveAsync(buffer) : await _tls.ReadAsync(buffer);
        if (count == 0)
            throw new InvalidOperationException("the server ended the connection");
        load.Received(count);
        return count;
    }
}
