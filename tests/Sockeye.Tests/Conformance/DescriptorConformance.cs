using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sockeye.Tests.Conformance;

/// <summary>What belongs to the operating system: descriptors through Unix sockets, the peer's process, handles.</summary>
public abstract class DescriptorConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    private const StreamKind Kind = StreamKind.Pair;

    [FeatureTheory(Feature.Descriptors)]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public Task A_file_can_be_read_through_a_descriptor_that_was_passed(SocketType type) => RunAsync(async () =>
    {
        await using SocketPair pair = await Fixture.ConnectedPairAsync(Kind, type);
        using SafeFileHandle file = OpenFile("what the file says");
        Assert.Equal(5, await pair.Client.SendDescriptorsAsync(Payload.Text("files"), new SafeHandle[] { file, file }));
        file.Dispose();
        byte[] buffer = new byte[16];
        DescriptorResult result = await pair.Server.ReceiveDescriptorsAsync(buffer, 4);
        Assert.Equal("files", Payload.Text(buffer.AsSpan(0, result.Count)));
        Assert.False(result.Truncated);
        Assert.Equal(2, result.Descriptors.Count);
        foreach (SafeFileHandle descriptor in result.Descriptors)
        {
            byte[] content = new byte[64];
            Assert.Equal("what the file says", Payload.Text(content.AsSpan(0, RandomAccess.Read(descriptor, content, 0))));
            descriptor.Dispose();
        }
    });

    [FeatureFact(Feature.Descriptors)]
    public Task A_socket_can_be_passed_and_used() => RunAsync(async () =>
    {
        await using SocketPair door = await Fixture.ConnectedPairAsync(Kind);
        await using SocketPair passed = await Fixture.ConnectedPairAsync(Kind);
        door.Client.SendDescriptors("x"u8, [passed.Client.Handle!]);
        passed.Client.Dispose();
        await door.Server.UntilAsync(SocketEvents.Readable);
        DescriptorResult result = door.Server.ReceiveDescriptors(new byte[1], 1);
        using SafeFileHandle handle = Assert.Single(result.Descriptors);
        using SafeSocketHandle second = new(handle.DangerousGetHandle(), ownsHandle: false);
        using Socket socket = new(second);
        Assert.Equal(3, await socket.SendAsync(Payload.Text("abc")));
        Assert.Equal("abc", await passed.Server.ReceiveTextAsync());
    });

    [FeatureTheory(Feature.Descriptors)]
    [InlineData(StreamKind.Tcp4)]
    [InlineData(Kind)]
    public Task A_connection_ends_although_its_descriptor_was_passed_on(StreamKind kind) => RunAsync(async () =>
    {
        await using SocketPair door = await Fixture.ConnectedPairAsync(Kind);
        await using SocketPair pair = await Fixture.ConnectedPairAsync(kind);
        door.Client.SendDescriptors("x"u8, [pair.Server.Handle!]);
        Connection server = pair.Server.Network.CreateConnection(pair.Server);
        pair.Client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await server.Input.ReadToEndAsync());
        await server.DisposeAsync();
        Assert.Equal(0, await pair.Client.ReceiveAsync(new byte[1]));
        DescriptorResult result = await door.Server.ReceiveDescriptorsAsync(new byte[1], 1);
        Assert.Single(result.Descriptors).Dispose();
    });

    [FeatureTheory(Feature.Descriptors)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Descriptors_over_the_number_asked_for_are_closed_and_told(int max) => RunAsync(Kind, async (client, server) =>
    {
        using SafeFileHandle file = OpenFile("x");
        client.SendDescriptors("x"u8, [file, file, file, file]);
        DescriptorResult result = await server.ReceiveDescriptorsAsync(new byte[1], max);
        Assert.True(result.Truncated);
        Assert.Equal(max, result.Descriptors.Count);
        foreach (SafeFileHandle descriptor in result.Descriptors)
            descriptor.Dispose();
    });

    [FeatureFact(Feature.Descriptors)]
    public Task Data_without_descriptors_comes_as_such_and_the_end_too() => RunAsync(Kind, async (client, server) =>
    {
        await client.SendTextAsync("plain");
        byte[] buffer = new byte[8];
        DescriptorResult result = await server.ReceiveDescriptorsAsync(buffer, 1);
        Assert.Equal(5, result.Count);
        Assert.Empty(result.Descriptors);
        client.Shutdown(SocketShutdown.Send);
        result = await server.ReceiveDescriptorsAsync(buffer, 0);
        Assert.Equal(0, result.Count);
        Assert.Equal(5, server.BytesReceived);
    });

    [FeatureFact(Feature.Descriptors)]
    public Task Too_many_descriptors_and_no_data_are_refused() => RunAsync(Kind, async (client, server) =>
    {
        using SafeFileHandle file = OpenFile("x");
        SafeHandle[] most = [.. Enumerable.Repeat(file, NetworkSocket.DescriptorsMax)];
        Assert.Throws<ArgumentOutOfRangeException>(() => client.SendDescriptors("x"u8, [.. most, file]));
        Assert.Throws<ArgumentException>(() => client.SendDescriptors([], [file]));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.ReceiveDescriptors(new byte[1], NetworkSocket.DescriptorsMax + 1));
        Assert.Throws<ArgumentException>(() => server.ReceiveDescriptors([], 1));
        client.SendDescriptors("x"u8, most);
        DescriptorResult result = await server.ReceiveDescriptorsAsync(new byte[1], NetworkSocket.DescriptorsMax);
        Assert.Equal(NetworkSocket.DescriptorsMax, result.Descriptors.Count);
        foreach (SafeFileHandle descriptor in result.Descriptors)
            descriptor.Dispose();
    });

    [Fact]
    public Task Descriptors_pass_through_Unix_sockets_only() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        Assert.Throws<PlatformNotSupportedException>(() => client.SendDescriptors("x"u8, []));
        Assert.Throws<PlatformNotSupportedException>(() => server.ReceiveDescriptors(new byte[1], 1));
        await Assert.ThrowsAsync<PlatformNotSupportedException>(async () => await client.SendDescriptorsAsync(new byte[1], default));
        await Assert.ThrowsAsync<PlatformNotSupportedException>(async () => await server.ReceiveDescriptorsAsync(new byte[1], 1));
        Assert.Throws<PlatformNotSupportedException>(() => client.PeerCredentials);
    });

    [FeatureTheory(Feature.PeerCredentials)]
    [InlineData(StreamKind.Unix)]
    [InlineData(StreamKind.Abstract)]
    [InlineData(StreamKind.Pair)]
    public Task A_Unix_socket_knows_its_peers_process(StreamKind kind) => RunAsync(kind, (client, server) =>
    {
        Assert.Equal(Environment.ProcessId, server.PeerCredentials.ProcessId);
        Assert.Equal(client.PeerCredentials, server.PeerCredentials);
        return Task.CompletedTask;
    });

    [FeatureTheory(Feature.Handles)]
    [MemberData(nameof(StreamKinds))]
    public Task A_detached_handle_is_the_callers_and_still_connected(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        await client.SendTextAsync("before");
        Task<int> waiting = client.ReceiveAsync(new byte[1]).AsTask();
        SafeSocketHandle handle = client.Detach();
        Assert.True(client.IsClosed);
        await FailsAsync(SocketError.OperationAborted, () => waiting);
        using Socket socket = new(handle);
        socket.Send("after"u8);
        Assert.Equal("beforeafter", Payload.Text(await server.ReceiveExactlyAsync(11)));
        Assert.Throws<ObjectDisposedException>(() => client.Detach());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task Handles_are_the_operating_systems_or_null(StreamKind kind) => RunAsync(kind, (client, _) =>
    {
        if (Fixture.Can(Feature.Handles))
        {
            Assert.False(client.Handle!.IsInvalid);
            return Task.CompletedTask;
        }

        Assert.Null(client.Handle);
        Assert.Throws<PlatformNotSupportedException>(() => client.Detach());
        Assert.False(client.IsClosed);
        return Task.CompletedTask;
    });

    private static SafeFileHandle OpenFile(string content)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, content);
        return File.OpenHandle(path, options: FileOptions.DeleteOnClose);
    }
}
