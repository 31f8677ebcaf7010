using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Interop;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A network's sockets may be used before its threads have begun.</summary>
public abstract class BeginningTests(Engine engine) : ReactorTests(engine)
{
    [Fact]
    public Task A_read_that_begins_before_the_reactor_gets_what_comes() => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        Reactor reactor = new(network, index: 1, network.Backend == LinuxBackend.Epoll ? new EpollBackend() : new RingBackend(RingSizes.Default));
        Assert.Equal(SocketError.Success, LibC.Pair(SocketType.Stream, out Descriptor? first, out Descriptor? second));
        using NetworkSocket peer = network.Wrap(second!, AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Connection connection = network.CreateConnection(new ReactorSocket(network, first!, reactor, AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));

        Task<ReadResult> reading = connection.Input.ReadAsync().AsTask();
        reactor.Start();
        await peer.SendTextAsync("hello");
        Assert.Equal("hello", Payload.Text((await reading).Buffer.ToArray()));

        connection.Abort();
        await reactor.StopAsync();
    });
}
