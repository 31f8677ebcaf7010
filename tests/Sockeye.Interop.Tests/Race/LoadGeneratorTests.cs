using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Race;

/// <summary>The load generator of bench/race does not count what a server answers wrongly.</summary>
public sealed class LoadGeneratorTests : IDisposable
{
    private const int Size = 5000;

    private readonly ScratchFolder _folder = new();
    private readonly List<Socket> _sockets = [];

    [Theory]
    [InlineData("stream", "came back different")]
    [InlineData("connect", "came back different")]
    [InlineData("datagram", "came back different")]
    public async Task A_byte_that_is_not_the_one_that_went_ends_it(string workload, string complaint)
    {
        await using Peer load = await LoadAsync(workload, bytes =>
        {
            bytes[^1] ^= 1;
            return bytes;
        });

        Assert.Equal(1, await EndAsync(load));
        Assert.Contains(complaint, load.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_do_more_bytes_than_went()
    {
        await using Peer load = await LoadAsync("stream", bytes => [.. bytes, .. bytes]);

        Assert.Equal(1, await EndAsync(load));
        Assert.Contains("more came back than went", load.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_does_an_end()
    {
        await using Peer load = await LoadAsync("stream", _ => null);

        Assert.Equal(1, await EndAsync(load));
        Assert.Contains("the server ended it", load.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_right_counts()
    {
        await using Peer load = await LoadAsync("stream", bytes => bytes);
        await load.SaysAsync("ready");

        await load.TypeAsync("open 0.01 1000");

        Assert.StartsWith("10,", await load.LineAfterAsync("\"messages\":"), StringComparison.Ordinal);
        load.EndInput();
        Assert.Equal(0, await load.EndAsync());
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _folder.Dispose();
    }

    /// <summary>With no more to do, one that noticed nothing ends too, with 0.</summary>
    private static Task<int> EndAsync(Peer load)
    {
        load.EndInput();
        return load.EndAsync();
    }

    /// <summary>Builds the generator and points it at a server that answers as told; null ends the connection.</summary>
    private async Task<Peer> LoadAsync(string workload, Func<byte[], byte[]?> answer)
    {
        string program = _folder.PathOf("load");
        await using (Peer compiler = Peer.Start(Programs.Find("gcc"), ["-o", program, .. Directory.GetFiles(Path.Combine(Programs.Root, "bench", "peers", "load"), "*.c")]))
            Assert.Equal((0, ""), (await compiler.EndAsync(), compiler.Errors));
        int port = workload == "datagram" ? ServeDatagrams(answer) : ServeStreams(answer);
        return Peer.Start(program, [workload, port.ToString(CultureInfo.InvariantCulture), "--connections", "2", "--size", Size.ToString(CultureInfo.InvariantCulture)]);
    }

    private int ServeStreams(Func<byte[], byte[]?> answer)
    {
        Socket listener = Open(SocketType.Stream);
        listener.Listen();
        _ = AcceptAsync(listener, answer);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private int ServeDatagrams(Func<byte[], byte[]?> answer)
    {
        Socket socket = Open(SocketType.Dgram);
        _ = AnswerDatagramsAsync(socket, answer);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Socket Open(SocketType type)
    {
        Socket socket = new(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _sockets.Add(socket);
        return socket;
    }

    private static async Task AcceptAsync(Socket listener, Func<byte[], byte[]?> answer)
    {
        while (true)
            _ = AnswerAsync(await listener.AcceptAsync(TestContext.Current.CancellationToken), answer);
    }

    private static async Task AnswerAsync(Socket socket, Func<byte[], byte[]?> answer)
    {
        using (socket)
        {
            byte[] message = new byte[Size];
            while (true)
            {
                for (int received = 0; received < Size;)
                {
                    int count = await socket.ReceiveAsync(message.AsMemory(received), TestContext.Current.CancellationToken);
                    if (count == 0)
                        return;
                    received += count;
                }

                if (answer([.. message]) is not { } bytes)
                    return;
                await socket.SendAsync(bytes, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task AnswerDatagramsAsync(Socket socket, Func<byte[], byte[]?> answer)
    {
        byte[] buffer = new byte[Size];
        SocketAddress from = new(AddressFamily.InterNetwork);
        while (true)
        {
            int count = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, TestContext.Current.CancellationToken);
            await socket.SendToAsync(answer(buffer[..count])!, SocketFlags.None, from, TestContext.Current.CancellationToken);
        }
    }
}
