using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Output;
using Sockeye.Cli.Talking.Channels;

namespace Sockeye.Cli.Talking;

/// <summary>
/// The bytes between a peer and two streams, in both directions at once. Each direction ends by itself: the end of the input sends FIN and
/// receiving goes on; the peer's end ends the outlet and sending goes on; it is over when both have ended.
/// </summary>
internal sealed class Conversation
{
    private readonly Channel _channel;
    private readonly Outlet _outlet;
    private readonly long _writtenBefore;
    private readonly ConversationOptions _options;
    private readonly TimeProvider _time;
    private readonly IdleWatch _idle;
    private readonly Flow _receiving;
    private readonly Flow? _sending;
    private readonly TaskCompletionSource<Ending> _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketException? _sendError;

    /// <param name="channel">The peer; the caller closes its connection.</param>
    /// <param name="input">What is sent; null sends nothing, until the peer ends.</param>
    /// <param name="outlet">Where what is received goes.</param>
    /// <param name="options">How it goes on and ends.</param>
    /// <param name="time">The clock.</param>
    public Conversation(Channel channel, PipeReader? input, Outlet outlet, ConversationOptions options, TimeProvider time)
    {
        (_channel, _outlet, _options, _time) = (channel, outlet, options, time);
        _writtenBefore = outlet.Written;
        _idle = new IdleWatch(options.Idle, time);
        _receiving = channel.CreateReceiving(outlet.Writer, _idle.OnMoved);
        _sending = input is null ? null : channel.CreateSending(input, _idle.OnMoved);
    }

    /// <summary>Goes on until it is over, or told to end.</summary>
    /// <param name="stop">Ends it at once, as interrupted.</param>
    /// <param name="heardEnough">Ends receiving only, as though the peer had ended.</param>
    public async Task<Ending> RunAsync(CancellationToken stop, CancellationToken heardEnough = default)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource sendingOver = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        await using CancellationTokenRegistration stopping = stop.Register(() => _ending.TrySetResult(new Ending(EndCause.Interrupted)));
        Task receiving = ReceiveAsync(heardEnough, over.Token);
        Task sending = SendAsync(sendingOver.Token, over.Token);
        Task[] all =
        [
            receiving,
            sending,
            WatchEndsAsync(receiving, sending, sendingOver, over.Token),
            WatchOutletAsync(over.Token),
            WatchIdleAsync(over.Token),
        ];

        await Task.WhenAny(_ending.Task);
        await over.CancelAsync();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Complete(await _ending.Task);
    }

    private async Task ReceiveAsync(CancellationToken heardEnough, CancellationToken over)
    {
        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(heardEnough, over);
            try
            {
                await _receiving.RunAsync(either.Token);
            }
            catch (OperationCanceledException) when (heardEnough.IsCancellationRequested && !over.IsCancellationRequested)
            {
                // As though the peer had ended.
            }

            if (_options.EndsOutlet)
                await EndOutletAsync(over);
            _options.OnEnded?.Invoke(Direction.Received);
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    private async Task EndOutletAsync(CancellationToken over)
    {
        await _outlet.Writer.CompleteAsync();
        try
        {
            await _outlet.Ended.WaitAsync(over);
        }
        catch (BrokenPipeException) when (_options.OutlivesOutlet)
        {
            // It has heard enough, and may still answer.
        }
    }

    private async Task SendAsync(CancellationToken stop, CancellationToken over)
    {
        try
        {
            await SendAllAsync(stop, over);
            if (over.IsCancellationRequested)
                return;
            await _channel.EndAsync();
            _options.OnEnded?.Invoke(Direction.Sent);
        }
        catch (SocketException e)
        {
            // A peer that takes no more may still send: a Unix socket may shut down its reading only. On TCP receiving fails next.
            _sendError = e;
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    /// <summary>Sends until the input ends, or the peer and this direction with it.</summary>
    private async Task SendAllAsync(CancellationToken stop, CancellationToken over)
    {
        try
        {
            await (_sending?.RunAsync(stop) ?? Task.Delay(Timeout.InfiniteTimeSpan, _time, stop));
            if (_options.EndWait > TimeSpan.Zero)
                await Task.Delay(_options.EndWait, _time, stop);
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            // The peer has ended, and this direction ends with it.
        }
    }

    private async Task WatchEndsAsync(Task receiving, Task sending, CancellationTokenSource sendingOver, CancellationToken over)
    {
        Task first = await Task.WhenAny(receiving, sending);
        Task other = first == receiving ? sending : receiving;
        if (first == receiving && (_options.EndsWithPeer || _channel.EndsWithPeer || _sending is null))
            await sendingOver.CancelAsync();
        if (_options.Linger is { } linger && await Task.WhenAny(other, Task.Delay(linger, _time, over)) != other)
            _ending.TrySetResult(OutOfTime(linger, first == receiving ? Direction.Sent : Direction.Received));
        await Task.WhenAll(receiving, sending);
        if (_sendError is { } error && !_channel.EndsWithPeer)
            End(error);
        else
            _ending.TrySetResult(new Ending(EndCause.Ended));
    }

    private async Task WatchOutletAsync(CancellationToken over)
    {
        try
        {
            await _outlet.Ended.WaitAsync(over);
        }
        catch (IOException e) when (e is not BrokenPipeException || !_options.OutlivesOutlet)
        {
            End(e);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It is over, or goes on without.
        }
    }

    private async Task WatchIdleAsync(CancellationToken over)
    {
        if (await _idle.WaitAsync(over))
            _ending.TrySetResult(new Ending(EndCause.Idle, _idle.Message));
    }

    /// <summary>The time after the end of one direction is over. What was on its way in the other is cut.</summary>
    private Ending OutOfTime(TimeSpan linger, Direction open) => new(
        EndCause.Linger,
        open == Direction.Sent
            ? $"the peer has ended its side, and ours did not end within {Duration.Print(linger)} (--linger)"
            : $"our side has ended, and the peer did not end its own within {Duration.Print(linger)} (--linger)",
        WasCut: open == Direction.Sent ? _sending is { IsGiving: true } : _receiving.IsGiving || _receiving.Given > _outlet.Written - _writtenBefore);

    /// <summary>Nothing moves any more: the numbers are known, and what had come and was not read.</summary>
    private Ending Complete(Ending ending)
    {
        ending = ending with { BytesReceived = _receiving.Taken, BytesSent = _sending?.Given ?? 0 };
        if (ending.Cause != EndCause.Linger)
            return ending;
        bool wasCut = ending.WasCut || _channel.HasUnread();
        string what = wasCut ? "data was cut" : "nothing was on its way";
        return ending with { WasCut = wasCut, Message = $"{ending.Message}: {what}, after {ending.BytesReceived} bytes received and {ending.BytesSent} sent" };
    }

    /// <summary>What is no fault of the peer, the network or our own streams is one of this program.</summary>
    private void End(Exception error)
    {
        Ending? ending = error switch
        {
            OperationCanceledException => new Ending(EndCause.Interrupted),
            BrokenPipeException => new Ending(EndCause.Closed),
            SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted } =>
                new Ending(EndCause.Reset, error.Message),
            SocketTimeoutException => new Ending(EndCause.Idle, error.Message),
            TruncatedStreamException => new Ending(EndCause.Cut, error.Message),
            TlsException => new Ending(EndCause.Tls, error.Message),
            SocketException or IOException or ProtocolException or InvalidDataException => new Ending(EndCause.Error, error.Message),
            _ => null,
        };
        if (ending is not null)
            _ending.TrySetResult(ending);
        else
            _ending.TrySetException(error);
    }
}
