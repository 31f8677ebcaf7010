using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Serving;

/// <summary>Everything one program listens on: all of it, or nothing.</summary>
internal sealed class EndPointSet : IAsyncDisposable
{
    /// <summary>How long the end of the process waits for sockets to close: they do at once.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(500);

    private readonly List<Listener> _listeners = [];
    private readonly List<DatagramSocket> _datagramSockets = [];
    private readonly List<string> _names = [];

    private EndPointSet()
    {
    }

    public IReadOnlyList<Listener> Listeners => _listeners;

    public IReadOnlyList<DatagramSocket> DatagramSockets => _datagramSockets;

    /// <summary>Each end point as an address to reach it by, in the order they were asked for: two for <c>localhost</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <exception cref="SocketException">One of them cannot; those that could are closed again.</exception>
    public static async Task<EndPointSet> OpenAsync(Network network, IEnumerable<Address> addresses, ListenerOptions options, CancellationToken cancellationToken)
    {
        EndPointSet set = new();
        try
        {
            foreach (Address address in addresses)
                await set.OpenAsync(network, address, options, cancellationToken);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Listener listener in _listeners)
            await listener.DisposeAsync();
        foreach (DatagramSocket socket in _datagramSockets)
            await socket.DisposeAsync();
    }

    /// <summary>Closes all of them, and waits for that no longer than <see cref="CloseTimeout"/>.</summary>
    public void Close()
    {
        Task[] closing = [.. _listeners.Concat<IAsyncDisposable>(_datagramSockets).Select(each => each.DisposeAsync().AsTask())];
        Task.WaitAll(closing, CloseTimeout);
    }

    private async ValueTask OpenAsync(Network network, Address address, ListenerOptions options, CancellationToken cancellationToken)
    {
        if (address.SocketType == SocketType.Dgram)
        {
            DatagramSocket socket = await network.OpenDatagramAsync(address, cancellationToken);
            _datagramSockets.Add(socket);
            AddNames(socket.Address, socket.LocalEndPoints);
        }
        else
        {
            Listener listener = await network.ListenAsync(address, options, cancellationToken);
            _listeners.Add(listener);
            AddNames(listener.Address, listener.LocalEndPoints);
        }
    }

    private void AddNames(Address address, IReadOnlyList<EndPoint> endPoints) =>
        _names.AddRange(endPoints.Select(endPoint => endPoint is IPEndPoint ? address.WithEndPoint(endPoint).ToString() : address.ToString()));
}
