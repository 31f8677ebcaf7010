using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>
/// What holds on every network. A subject is an abstract class; each network declares it once with its fixture. No test uses a
/// thread, a real delay or a fixed port, so that a simulated network runs it unchanged.
/// </summary>
public abstract class ConformanceTests(NetworkFixture fixture) : IAsyncLifetime
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<StreamKind> StreamKinds => [.. Enum.GetValues<StreamKind>()];

    public static TheoryData<StreamKind> NamedStreamKinds => [.. Enum.GetValues<StreamKind>().Where(kind => kind != StreamKind.Pair)];

    public static TheoryData<DatagramKind> DatagramKinds => [.. Enum.GetValues<DatagramKind>()];

    public NetworkFixture Fixture => fixture;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return fixture.DisposeAsync();
    }

    protected Task RunAsync(Func<Task> scenario) => fixture.RunAsync(scenario);

    /// <summary>Runs a scenario over two connected stream sockets, the client's first.</summary>
    protected Task RunAsync(StreamKind kind, Func<NetworkSocket, NetworkSocket, Task> scenario)
    {
        if (!fixture.Has(kind))
            return Task.CompletedTask;
        return fixture.RunAsync(async () =>
        {
            await using SocketPair pair = await fixture.ConnectedPairAsync(kind);
            await scenario(pair.Client, pair.Server);
        });
    }

    /// <summary>Runs a scenario over two bound datagram sockets, the client's first.</summary>
    protected Task RunAsync(DatagramKind kind, Func<NetworkSocket, NetworkSocket, Task> scenario)
    {
        if (!fixture.Has(kind))
            return Task.CompletedTask;
        return fixture.RunAsync(async () =>
        {
            await using SocketPair pair = fixture.BoundPair(kind);
            await scenario(pair.Client, pair.Server);
        });
    }

    /// <summary>Runs a scenario over two connections, the client's first.</summary>
    protected Task RunConnectedAsync(StreamKind kind, Func<Connection, Connection, Task> scenario, StreamOptions? options = null)
    {
        if (!fixture.Has(kind))
            return Task.CompletedTask;
        return fixture.RunAsync(async () =>
        {
            await using ConnectionPair pair = await fixture.ConnectionsAsync(kind, options);
            await scenario(pair.Client, pair.Server);
        });
    }

    /// <summary>The call fails with this error of the network, and not by our deadline.</summary>
    protected static async Task<SocketException> FailsAsync(SocketError error, Func<Task> call)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(call);
        Assert.Equal(error, e.SocketErrorCode);
        return e;
    }

    /// <inheritdoc cref="FailsAsync(SocketError, Func{Task})"/>
    protected static Task<SocketException> FailsAsync<T>(SocketError error, ValueTask<T> call) => FailsAsync(error, call.AsTask);

    /// <inheritdoc cref="FailsAsync(SocketError, Func{Task})"/>
    protected static Task<SocketException> FailsAsync(SocketError error, ValueTask call) => FailsAsync(error, call.AsTask);

    /// <inheritdoc cref="FailsAsync(SocketError, Func{Task})"/>
    protected static SocketException Fails(SocketError error, Action call)
    {
        SocketException e = Assert.Throws<SocketException>(call);
        Assert.Equal(error, e.SocketErrorCode);
        return e;
    }

    protected static async Task CancelledAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<OperationCanceledException>(call);

    protected static async Task CancelledAsync(Task task) => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
}
