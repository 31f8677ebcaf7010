using System.Net;
using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>A program that sends datagrams to the hub, and counts what goes either way, headers and all.</summary>
internal sealed class UdpPeer(DatagramSocket socket, EndPoint hub) : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[65_536];
    private readonly int _header = socket.LocalEndPoints[0].AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 48 : 28;

    public int Port => ((IPEndPoint)socket.LocalEndPoints[0]).Port;

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] datagram)
    {
        await socket.SendAsync(datagram, hub);
        BytesSent += datagram.Length + _header;
    }

    /// <summary>The next datagram.</summary>
    public async Task<string> ReceiveAsync()
    {
        ReceivedDatagram received = await socket.ReceiveAsync(_buffer).AsTask().WaitAsync(Hang.Limit);
        BytesReceived += received.Bytes.Length + _header;
        string text = Encoding.UTF8.GetString(received.Bytes.Span);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }

    /// <summary>What the textbook's client does: sends, and receives once.</summary>
    public async Task<string> AskAsync(string text)
    {
        await SendAsync(text);
        return await ReceiveAsync();
    }

    /// <inheritdoc cref="AskAsync(string)"/>
    public async Task<string> AskAsync(byte[] datagram)
    {
        await SendAsync(datagram);
        return await ReceiveAsync();
    }

    /// <summary>Asks for what is new until something is: for what happens on its own, as somebody's leaving does.</summary>
    public async Task<string> NewsAsync()
    {
        using CancellationTokenSource hang = new(Hang.Limit);
        while (true)
        {
            hang.Token.ThrowIfCancellationRequested();
            string news = await AskAsync("/more");
            if (news != "* Nothing new.")
                return news;
        }
    }

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}
