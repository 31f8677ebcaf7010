using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Tracing;

/// <summary>The life of one connection, from resolving its name to its close.</summary>
internal sealed class StreamTrace(Network network, TraceSettings settings, Timeline timeline, TraceObserver observer, ProtocolWatch watch, Segments segments)
{
    /// <summary>How long the last acknowledgment of a close may be waited for.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Lives it; how it ended.</summary>
    public async Task<TraceStep> RunAsync(Address address, CancellationToken stop)
    {
        Connection connection = await ConnectAsync(address, stop);
        await using (connection)
        {
            if (!await TalkAsync(connection, stop))
                timeline.Add(new TraceStep(TraceStepKind.Notice) { Reason = "silence", Message = $"nothing came for {Duration.Print(settings.Wait)} (--wait): closed here" });
            await SettleAsync(connection.Socket, stop);
        }

        segments.Take();
        if (address.SocketType == SocketType.Stream && connection.Socket?.AddressFamily != AddressFamily.Unix)
            TellClosing();
        if (watch.FindOther() is { } other)
            throw new ProgramException(ExitCodes.NetworkFailed, other);
        if (watch.ExplainSilence() is { } silence)
            timeline.Add(new TraceStep(TraceStepKind.Notice) { Reason = "no-word", Message = silence });
        return new TraceStep(TraceStepKind.Done) { Bytes = connection.BytesReceived, BytesSent = connection.BytesSent, ExitCode = ExitCodes.Done };
    }

    private async Task<Connection> ConnectAsync(Address address, CancellationToken stop)
    {
        ConnectorOptions options = new() { ConnectTimeout = settings.Timeout, LingerTimeout = Talk.CloseTimeout, Tls = settings.Tls, Observer = SocketObserver.Combine(observer, watch) };
        return await network.ConnectAsync(address, options, stop);
    }

    /// <summary>Sends and receives; whether the peer has ended its side.</summary>
    private async Task<bool> TalkAsync(Connection connection, CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task sending = SendAsync(connection, over.Token);
        try
        {
            bool hasPeerEnded = await ReceiveAsync(connection.Input, stop);
            if (sending.IsFaulted)
                await sending;
            if (settings.LetsPeerEnd && sending.IsCompleted)
                await EndAsync(connection);
            return hasPeerEnded;
        }
        finally
        {
            await over.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(Connection connection, CancellationToken over)
    {
        if (!settings.Payload.IsEmpty)
        {
            observer.Mark();
            await connection.WriteAsync(settings.Payload, over);
        }

        if (!settings.LetsPeerEnd)
            await EndAsync(connection);
    }

    private async Task EndAsync(Connection connection)
    {
        observer.MarkEnd(connection.Socket);
        await connection.Output.CompleteAsync();
    }

    /// <summary>Reads until the peer ends, or nothing has moved for the time to wait; whether it has ended.</summary>
    private async Task<bool> ReceiveAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            long moves = observer.Moves;
            using CancellationTokenSource silence = new(settings.Wait, network.TimeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stop);
            try
            {
                ReadResult result = await input.ReadAsync(either.Token);
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return true;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                if (moves == observer.Moves)
                    return false;
            }
        }
    }

    /// <summary>Waits for the last acknowledgment: the fourth step, where the peer began.</summary>
    private async Task SettleAsync(NetworkSocket? socket, CancellationToken stop)
    {
        TimeSpan start = timeline.Now;
        while (socket is not null && TraceObserver.Read(socket) is { State: TcpState.LastAck or TcpState.Closing or TcpState.FinWait1 } && timeline.Now - start < SettleTimeout)
            await Task.Delay(SettleInterval, network.TimeProvider, stop);
        if (socket is not null)
            observer.Look(socket);
    }

    private void TellClosing()
    {
        Closing closing = Closing.Of(observer.Ends, observer.OurEnd, segments.Ends);
        timeline.Add(new TraceStep(TraceStepKind.Closed) { Reason = $"{closing.Began}".ToLowerInvariant(), Message = closing.Message });
    }
}
