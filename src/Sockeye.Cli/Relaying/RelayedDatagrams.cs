using System.Collections.Concurrent;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Relaying;

/// <summary>The datagrams of one address on their way to the target, and what is told of each sender.</summary>
internal sealed class RelayedDatagrams(Network network, DatagramSocket clients, Address target, RelaySettings settings, EventLog log)
{
    private readonly ConcurrentDictionary<DatagramSession, long> _openedAt = new();

    public Task RunAsync(CancellationToken stop) => new DatagramRelay(network, clients, target, new DatagramRelayOptions
    {
        Observer = settings.TargetSide,
        SessionLimit = settings.Limit ?? DatagramRelayOptions.SessionLimitDefault,
        IdleTimeout = settings.IdleTimeout ?? RelaySettings.DatagramIdleTimeoutDefault,
        Faults = settings.Faults,
        OnOpened = session => _openedAt[session] = network.TimeProvider.GetTimestamp(),
        OnEnded = OnEnded,
        OnError = OnError,
    }).RunAsync(stop);

    private void OnEnded(DatagramSession session, DatagramSessionEnd end)
    {
        _openedAt.TryRemove(session, out long openedAt);
        CliEvent left = Event(EventKind.Left, session) with
        {
            Bytes = session.BytesReceived,
            Sent = session.BytesSent,
            Count = session.DatagramsReceived + session.DatagramsSent,
            Duration = network.TimeProvider.GetElapsedTime(openedAt),
            Reason = end switch
            {
                DatagramSessionEnd.Idle => "idle",
                DatagramSessionEnd.Evicted => "limit",
                DatagramSessionEnd.TargetGone => "target-gone",
                _ => "stopped",
            },
            Message = session.Lost > 0 ? $"{session.Lost} of its datagrams or of the answers were lost" : null,
        };
        if (!settings.ShowsEnds || !RelayedConnection.IsSeen(left))
            log.Write(left);
    }

    private void OnError(DatagramSession? session, Exception error) =>
        log.Write((session is null ? new CliEvent(EventKind.Notice) { Address = $"{clients.Address}" } : Event(EventKind.Notice, session)) with { Message = error.Message });

    private CliEvent Event(EventKind kind, DatagramSession session) => new(kind)
    {
        Address = $"{clients.Address}",
        Peer = Client.Name(session.RemoteEndPoint, clients.Socket),
        Target = $"{target}",
    };
}
