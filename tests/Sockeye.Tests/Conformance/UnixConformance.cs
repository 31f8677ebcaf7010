using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Unix sockets by path and by abstract name.</summary>
public abstract class UnixConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    public static TheoryData<StreamKind> Kinds => [StreamKind.Unix, StreamKind.Abstract];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_socket_has_the_name_it_was_bound_to(StreamKind kind) => RunNamedAsync(kind, async name =>
    {
        using NetworkSocket listener = Listen(name);
        Assert.Equal(name, listener.LocalEndPoint);
        await using SocketPair pair = await Fixture.ConnectedPairAsync(listener);
        Assert.Equal(name, pair.Client.RemoteEndPoint);
        Assert.Equal(name, pair.Server.LocalEndPoint);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_client_can_have_a_name_too(StreamKind kind) => RunNamedAsync(kind, async name =>
    {
        using NetworkSocket listener = Listen(name);
        using NetworkSocket client = Fixture.NewClient(listener);
        EndPoint own = Fixture.NewEndPoint(kind);
        client.Bind(own);
        await client.ConnectAsync(name);
        using NetworkSocket accepted = await listener.AcceptAsync();
        Assert.Equal(own, accepted.RemoteEndPoint);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_name_is_free_again_when_its_socket_is_closed(StreamKind kind) => RunNamedAsync(kind, name =>
    {
        Listen(name).Dispose();
        Listen(name).Dispose();
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Names_are_apart_from_each_other(StreamKind kind) => RunNamedAsync(kind, async name =>
    {
        using NetworkSocket one = Listen(name);
        using NetworkSocket two = Listen(Fixture.NewEndPoint(kind));
        await using SocketPair pair = await Fixture.ConnectedPairAsync(two);
        Assert.Equal(SocketError.WouldBlock, one.TryAccept(out _));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Connecting_to_a_bound_socket_that_does_not_listen_is_refused(StreamKind kind) => RunNamedAsync(kind, async name =>
    {
        using NetworkSocket bound = Fixture.Server.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        bound.Bind(name);
        using NetworkSocket client = Fixture.Server.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        Assert.Equal(SocketError.ConnectionRefused, await client.TryConnectAsync(name));
    });

    private NetworkSocket Listen(EndPoint name)
    {
        NetworkSocket listener = Fixture.Server.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        listener.Bind(name);
        listener.Listen();
        return listener;
    }

    private Task RunNamedAsync(StreamKind kind, Func<EndPoint, Task> scenario) =>
        Fixture.Has(kind) ? RunAsync(() => scenario(Fixture.NewEndPoint(kind))) : Task.CompletedTask;
}
