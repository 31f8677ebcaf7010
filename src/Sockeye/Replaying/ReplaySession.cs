using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Plays one side of one recording. All is done by one method at a time: whatever it waits for, it reads beside it, so that a peer that talks while we do never stalls.</summary>
internal sealed class ReplaySession
{
    /// <summary>So many bytes must go within the timeout.</summary>
    private const int PieceLength = 64 * 1024;

    private readonly Connection _connection;
    private readonly Transcript _transcript;
    private readonly bool _asClient;
    private readonly ReplayOptions _options;
    private readonly ReplayComparer _comparer;

    private CancellationToken _stop;
    private Task<ReadResult>? _reading;
    private TranscriptEventKind? _peersEnd;
    private TranscriptEventKind? _recordedEnd;
    private long _recorded;
    private long _sent;

    public ReplaySession(Connection connection, Transcript transcript, bool asClient, ReplayOptions options)
    {
        (_connection, _transcript, _asClient, _options) = (connection, transcript, asClient, options);
        _comparer = new ReplayComparer(transcript, ofClient: !asClient, options);
    }

    public async Task<ReplayResult> RunAsync(CancellationToken cancellationToken)
    {
        long begin = _options.TimeProvider.GetTimestamp();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stop = over.Token;
        try
        {
            await PlayAsync(begin).ConfigureAwait(false);
            if (_comparer.Difference is not null)
                _connection.Abort();
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await LetGoAsync().ConfigureAwait(false);
        }

        return new ReplayResult
        {
            Difference = _comparer.Difference,
            BytesSent = _sent,
            BytesReceived = _comparer.Received,
            Elapsed = _options.TimeProvider.GetElapsedTime(begin),
        };
    }

    private async Task PlayAsync(long begin)
    {
        foreach (TranscriptEvent each in _transcript.Events)
        {
            if (each.FromClient != _asClient)
            {
                _recorded += each.Data.Length;
                _recordedEnd ??= each.Kind == TranscriptEventKind.Data ? null : each.Kind;
                continue;
            }

            if (!await ArriveAsync(isLast: false).ConfigureAwait(false) || !await WaitForTurnAsync(begin, each.Time).ConfigureAwait(false))
                return;
            if (each.Kind == TranscriptEventKind.Reset)
            {
                // What the peer does then, nobody can see.
                _connection.Abort();
                return;
            }

            if (!await SendAsync(each).ConfigureAwait(false))
                return;
        }

        await ArriveAsync(isLast: true).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until the peer has said all that it has in the recording so far; at the last also until it has ended. Not before: a recorder beside the sockets may hear of an
    /// end, and only then that the bytes have gone which made the peer end.
    /// </summary>
    /// <returns>False: it did something else.</returns>
    private async Task<bool> ArriveAsync(bool isLast)
    {
        long wanted = _comparer.ProgressAt(_recorded);
        bool wantsEnd = isLast && _recordedEnd is not null;
        while (_comparer.Difference is null && (_comparer.Progress < wanted || (wantsEnd && _peersEnd is null)))
        {
            if (_peersEnd is { } end)
                NoteEnd(end);
            else if (!await ReadInTimeAsync().ConfigureAwait(false))
                _comparer.Note(_comparer.Progress < wanted ? ReplayDifferenceKind.Silent : ReplayDifferenceKind.NotEnded);
        }

        if (wantsEnd && _peersEnd is { } kind && kind != _recordedEnd)
            NoteEnd(kind);
        return _comparer.Difference is null;
    }

    private async Task<bool> WaitForTurnAsync(long begin, DateTimeOffset time)
    {
        if (_options.Speed is not { } speed)
            return true;
        TimeSpan due = ((time - _transcript.Events[0].Time) / speed) - _options.TimeProvider.GetElapsedTime(begin);
        if (due > TimeSpan.Zero)
            await ReadBesideAsync(Task.Delay(due, _options.TimeProvider, _stop)).ConfigureAwait(false);
        return _comparer.Difference is null;
    }

    private async Task<bool> SendAsync(TranscriptEvent turn)
    {
        try
        {
            if (turn.Kind == TranscriptEventKind.End)
                await ReadBesideAsync(InTime(_connection.Output.CompleteAsync().AsTask())).ConfigureAwait(false);
            for (ReadOnlyMemory<byte> rest = turn.Data; rest.Length > 0 && _comparer.Difference is null;)
            {
                ReadOnlyMemory<byte> piece = rest[..Math.Min(rest.Length, PieceLength)];
                await ReadBesideAsync(InTime(_connection.Output.WriteAsync(piece, _stop).AsTask())).ConfigureAwait(false);
                rest = rest[piece.Length..];
                _sent += piece.Length;
            }
        }
        catch (TimeoutException)
        {
            _comparer.Note(ReplayDifferenceKind.Silent);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            _peersEnd ??= TranscriptEventKind.Reset;
            NoteEnd(_peersEnd.GetValueOrDefault());
        }

        return _comparer.Difference is null;
    }

    private void NoteEnd(TranscriptEventKind kind) => _comparer.Note(kind == TranscriptEventKind.Reset ? ReplayDifferenceKind.Reset : ReplayDifferenceKind.Ended);

    /// <summary>A peer that takes nothing is silent too.</summary>
    private Task InTime(Task sending) => sending.WaitAsync(_options.Timeout, _options.TimeProvider, _stop);

    /// <summary>Waits for something of our own, and takes what comes in the meantime.</summary>
    private async Task ReadBesideAsync(Task own)
    {
        while (!own.IsCompleted && _peersEnd is null && _comparer.Difference is null)
        {
            _reading ??= _connection.Input.ReadAsync(_stop).AsTask();
            if (await Task.WhenAny(own, _reading).ConfigureAwait(false) == _reading)
                await TakeAsync(_reading).ConfigureAwait(false);
        }

        // With a difference nothing has to go any more: the connection is aborted.
        if (own.IsCompleted || _comparer.Difference is null)
            await own.ConfigureAwait(false);
    }

    private async Task<bool> ReadInTimeAsync()
    {
        _reading ??= _connection.Input.ReadAsync(_stop).AsTask();
        await ((Task)_reading).WaitAsync(_options.Timeout, _options.TimeProvider, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.ThrowIfCancellationRequested();
        if (!_reading.IsCompleted)
            return false;
        await TakeAsync(_reading).ConfigureAwait(false);
        return true;
    }

    private async Task TakeAsync(Task<ReadResult> reading)
    {
        _reading = null;
        try
        {
            ReadResult result = await reading.ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                _comparer.Add(piece.Span);
            _connection.Input.AdvanceTo(result.Buffer.End);
            if (!result.IsCompleted)
                return;
            _peersEnd = TranscriptEventKind.End;
            _comparer.End();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            _peersEnd = TranscriptEventKind.Reset;
        }
    }

    /// <summary>Gives the connection's input back as it is.</summary>
    private async Task LetGoAsync()
    {
        if (_reading is null)
            return;
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_reading.IsCompletedSuccessfully)
        {
            ReadResult result = await _reading.ConfigureAwait(false);
            _connection.Input.AdvanceTo(result.Buffer.Start);
        }

        _reading = null;
    }
}
