using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>One side of a relay: its connection, and the direction that begins there.</summary>
internal sealed class RelayLeg(RelayPair pair, Connection connection)
{
    /// <summary>The most that is written at once to a socket of messages from a stream: each write is one message there, and too long a one would be refused.</summary>
    private const int MessageMax = 32 * 1024;

    /// <summary>How often the connection had failed when the relay began.</summary>
    private readonly uint _failuresBefore = connection.Socket?.EpochCore(SocketEvents.None) ?? 0;

    /// <summary>How many bytes had been passed on by its faults before; what they cut is not passed on, although it is taken.</summary>
    private readonly long _passedOnBefore = (connection as FaultedConnection)?.BytesPassedOn ?? 0;

    private long _bytes;
    private volatile bool _stopped;
    private volatile bool _hasEnded;
    private volatile bool _endPassedOn;
    private RelayEnd _how;
    private Exception? _error;
    private Task? _watch;
    private volatile bool _isOver;

    public RelayLeg Other { get; set; } = null!;

    public Connection Connection => connection;

    /// <summary>Whether its peer has ended its side, and all its data was passed on. Said before the end itself is, so that nobody sees the end before.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether the end has been passed on too, to a side that was still there.</summary>
    public bool EndPassedOn => _endPassedOn;

    public RelaySide Side => new(Other.Connection is FaultedConnection faulted ? faulted.BytesPassedOn - Other._passedOnBefore : _bytes, _how, _error);

    public void SetEnd(RelayEnd how, Exception? error) => (_how, _error) = (how, error);

    /// <summary>Ends this direction without a word to its peer.</summary>
    public void Stop()
    {
        _stopped = true;
        connection.Input.CancelPendingRead();
    }

    /// <summary>Passes on what comes until its end, and then the end. Throws nothing.</summary>
    public async Task CopyAsync()
    {
        try
        {
            PipeReader input = connection.Input;
            while (!_stopped)
            {
                ReadResult result = await input.ReadAsync().ConfigureAwait(false);
                if (!await TryPassOnAsync(result).ConfigureAwait(false))
                    return;
                input.AdvanceTo(result.Buffer.End);
                if (!result.IsCompleted)
                    continue;
                await EndAsync().ConfigureAwait(false);
                return;
            }
        }
        catch (Exception e)
        {
            // The other side's failures were told where they happened: this is the reader's.
            pair.Fail(this, e);
        }
    }

    /// <summary>The relay is over: the watch looks once more, if it has not ended, and ends.</summary>
    public async ValueTask EndWatchAsync()
    {
        if (_watch is null)
            return;
        _isOver = true;
        if (!_watch.IsCompleted)
            connection.Socket!.SignalCore(SocketEvents.HangUp);
        await _watch.ConfigureAwait(false);
    }

    /// <summary>Writes out of the reader's own memory.</summary>
    private async ValueTask<bool> TryPassOnAsync(ReadResult result)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                for (ReadOnlyMemory<byte> rest = part; rest.Length > 0;)
                {
                    ReadOnlyMemory<byte> piece = rest.Length > MessageMax && IsCutIntoMessages() ? rest[..MessageMax] : rest;
                    ValueTask<FlushResult> flush = Other.Connection.Output.WriteAsync(piece);
                    if (!flush.IsCompleted)
                        Watch();
                    await flush.ConfigureAwait(false);
                    rest = rest[piece.Length..];
                    _bytes += piece.Length;
                }
            }

            return true;
        }
        catch (Exception e)
        {
            pair.Fail(Other, e);
            return false;
        }
    }

    private bool IsCutIntoMessages() =>
        Other.Connection.Socket?.SocketType == SocketType.Seqpacket && connection.Socket?.SocketType != SocketType.Seqpacket;

    private async ValueTask EndAsync()
    {
        _hasEnded = true;
        try
        {
            await Other.Connection.Output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            pair.Fail(Other, e);
            return;
        }

        if (Other.HasEnded && Other.FindReset() is { } reset)
        {
            // Its watch may be late, and a socket does not tell that an end came to nothing.
            pair.Fail(Other, reset);
            return;
        }

        _endPassedOn = true;
        if (!Other.HasEnded)
            Watch();
    }

    private SocketException? FindReset()
    {
        try
        {
            return connection.Socket is { IsClosed: false } socket && (socket.PollCore(SocketEvents.None) & SocketEvents.Error) != 0 ? ResetOf(socket) : null;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static SocketException ResetOf(NetworkSocket socket) => socket.Failure(SocketError.ConnectionReset, "receive from");

    /// <summary>
    /// From here on nobody reads this side, because the other takes nothing at the moment or because this one has ended: somebody has to look whether
    /// its peer resets it meanwhile.
    /// </summary>
    private void Watch()
    {
        if (_watch is not null || connection.Socket is not { } socket)
            return;
        _watch = WatchAsync(socket);
    }

    private async Task WatchAsync(NetworkSocket socket)
    {
        try
        {
            for (uint failures = _failuresBefore; ;)
            {
                // No event is asked for: errors and hang-ups are reported unasked.
                await socket.WaitCoreAsync(SocketEvents.None, failures, timeout: null, CancellationToken.None).ConfigureAwait(false);
                failures = socket.EpochCore(SocketEvents.None);
                SocketEvents found = socket.IsClosed ? SocketEvents.HangUp : socket.PollCore(SocketEvents.None);
                if ((found & SocketEvents.Error) != 0)
                    pair.Fail(this, ResetOf(socket));
                if (found != SocketEvents.None || _isOver)
                    return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The socket was closed: the loops know.
        }
    }
}
