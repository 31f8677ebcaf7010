using System.Net;
using System.Net.Sockets;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>The UDP door: every datagram is answered by one, and who listens is sent more.</summary>
internal sealed class UdpGateway(GatewayContext context) : IGateway
{
    private const string UdpByDefault = "udp://127.0.0.1:9000";

    private readonly UdpLimits _limits = context.Options.Limits.Udp;
    private DatagramSocket? _socket;
    private UdpDoor? _door;
    private TokenBucket _strangers;
    private volatile bool _isClosing;

    /// <summary>Who is here, for tests; null while the door is not open.</summary>
    public UdpClients? Clients => _door?.Clients;

    public async ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken)
    {
        HubOptions options = context.Options;
        if (options.Udp == HubOptions.Off)
            return [];
        _socket = await DoorAddress.OpenAsync(options.Udp, UdpByDefault, options, address => OpenAsync(address, cancellationToken)).ConfigureAwait(false);
        _door = new UdpDoor(context, _socket, _limits);
        return [.. DoorAddress.NamesOf(_socket.Address, _socket.LocalEndPoints)];
    }

    public async Task RunAsync(CancellationToken stop)
    {
        if (_door is not { } door)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        DatagramServerOptions options = new()
        {
            ConcurrencyMax = 1,
            DatagramSizeMax = door.DatagramBytesMax,
            OnError = (datagram, error) => context.Options.OnNotice?.Invoke($"{_socket!.Address}: {(error is SocketException ? error.Message : error)}"),
        };
        using CancellationTokenSource end = new();
        Task serving = DatagramServer.RunAsync(_socket!, (datagram, _) => ServeAsync(door, datagram), options, end.Token);
        Task sweeping = SweepAsync(door, end.Token);
        await Task.WhenAny(serving, Task.Delay(Timeout.InfiniteTimeSpan, door.Time, stop)).ConfigureAwait(false);
        await CloseAsync(door).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await sweeping.ConfigureAwait(false);
        await serving.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is { } socket)
            await socket.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask<DatagramSocket> OpenAsync(Address address, CancellationToken cancellationToken) =>
        address is { SocketType: SocketType.Dgram, ProtocolType: ProtocolType.Udp }
            ? context.Network.OpenDatagramAsync(address, cancellationToken)
            : throw new ArgumentException($"The UDP door needs an address such as {UdpByDefault}, not {address}.", nameof(address));

    private ValueTask ServeAsync(UdpDoor door, ServedDatagram datagram)
    {
        if (datagram.RemoteEndPoint is not IPEndPoint { Port: > 0 } from)
            return ValueTask.CompletedTask;
        UdpRequest request = UdpRequest.Read(datagram.Bytes.Span, datagram.IsTruncated);
        if (door.Clients.Find(from) is { } known && known.TryReceive(request))
            return ValueTask.CompletedTask;
        if (!IPAddress.IsLoopback(from.Address) && !_strangers.TryTake(_limits.Strangers, door.Time.GetUtcNow()))
            return ValueTask.CompletedTask;
        if (door.Strangers.NameFor(request, from) is { } name)
            return _isClosing ? door.SendAsync(UdpStrangers.Line(request, UdpTexts.Closing), from) : WelcomeAsync(door, from, request, name);
        return door.SendAsync(door.Strangers.AnswerTo(request, from), from);
    }

    private static ValueTask WelcomeAsync(UdpDoor door, IPEndPoint from, UdpRequest request, string name)
    {
        UdpClient client = new(door, from);
        if (door.Clients.TryAdd(client) is { } refusal)
            return door.SendAsync(UdpStrangers.Line(request, refusal), from);
        client.Begin(request with { Name = "name", Text = name });
        return ValueTask.CompletedTask;
    }

    private async Task SweepAsync(UdpDoor door, CancellationToken stop)
    {
        using PeriodicTimer timer = new(_limits.SweepInterval, door.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                foreach (UdpClient client in door.Clients.All())
                    client.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The door closes.
        }
    }

    /// <summary>The chat shows every client that it closes; each is answered what it waits for, and goes.</summary>
    private async Task CloseAsync(UdpDoor door)
    {
        _isClosing = true;
        await door.Clients.WhenEmptyAsync().WaitAsync(context.Options.DrainTimeout, door.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
