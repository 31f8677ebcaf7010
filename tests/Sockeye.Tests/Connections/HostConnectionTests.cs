using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Connections;

public class HostConnectionTests
{
    public static TheoryData<string, bool> Addresses => new()
    {
        { "tcp://127.0.0.1:0", false }, { "tcp://[::1]:0", false }, { "tcp://localhost:0", false }, { "abstract://sockeye-test", false },
        { "tcp://127.0.0.1:0", true }, { "tcp://[::1]:0", true }, { "tcp://localhost:0", true },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Echo_half_close_and_end(string address, bool portable)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using HostNetwork network = new(null, portable);
        await using Listener listener = await network.ListenAsync(address, cancellationToken: stop.Token);
        Task server = ServeAsync(listener, stop.Token);
        await using Connection client = await network.ConnectAsync(listener.Address, cancellationToken: stop.Token);
        await client.WriteAsync(Encoding.UTF8.GetBytes("hello, 世界"), stop.Token);
        await client.Output.CompleteAsync();
        ReadOnlySequence<byte> all = await ReadToEndAsync(client.Input, stop.Token);
        Assert.Equal("hello, 世界", Encoding.UTF8.GetString(all));
        await server;
    }

    /// <summary>A reader is a link in the list of those who wait for its socket: two reads at a time would tie it into a knot.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_read_is_refused_and_the_first_goes_on(bool portable)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using HostNetwork network = new(null, portable);
        (NetworkSocket one, NetworkSocket two) = network.CreatePair();
        await using Connection reader = network.CreateConnection(one);
        await using Connection writer = network.CreateConnection(two);
        Task<ReadResult> first = reader.Input.ReadAsync(stop.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.Input.ReadAsync(stop.Token));
        await writer.WriteAsync("still here"u8.ToArray(), stop.Token);

        Assert.Equal("still here", Encoding.UTF8.GetString((await first).Buffer));
        reader.Input.AdvanceTo((await first).Buffer.End);
        await writer.WriteAsync("again"u8.ToArray(), stop.Token);
        Assert.Equal("again", Encoding.UTF8.GetString((await reader.Input.ReadAsync(stop.Token)).Buffer));
    }

    [Fact]
    public async Task Refused_names_the_addresses()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        Address address = listener.Address;
        await listener.DisposeAsync();
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
        Assert.Contains(address.ToString(), e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync($"localhost:{address.Port}"));
        Assert.Contains("[::1]", e.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_use_names_the_owner()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(listener.Address));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        Assert.Contains("another socket of this program has it", e.Message, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(Listener listener, CancellationToken stop)
    {
        await using Connection connection = (await listener.AcceptAsync(stop))!;
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(stop);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.WriteAsync(part, stop);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(stop);
            if (result.IsCompleted)
                return result.Buffer;
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
