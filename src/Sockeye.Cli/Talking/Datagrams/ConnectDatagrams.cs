using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>Sends each line as a datagram, shows what comes, and waits a while for the last answers.</summary>
internal sealed class ConnectDatagrams(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    private readonly TimeProvider _time = environment.Network.TimeProvider;
    private readonly IdleWatch _idle = new(settings.Idle, environment.Network.TimeProvider);
    private bool _isRefused;
    private bool _hasFailed;

    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        await using DatagramSocket socket = await environment.Network.ConnectDatagramAsync(address, stop);
        CliEvent peer = new(EventKind.Connected)
        {
            Address = Client.Name(socket.Socket?.LocalEndPoint, socket.Socket),
            Peer = Client.Name(socket.RemoteEndPoint, socket.Socket),
        };
        reporter.Tell(peer);
        Outlet outlet = reporter.OpenOutlet(peer);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task receiving = ReceiveAsync(socket, peer, outlet, over.Token);
        Task sending = SendAllAsync(socket, over.Token);
        Task<bool> idling = _idle.WaitAsync(over.Token);
        Task first = await Task.WhenAny(receiving, sending, outlet.Ended, settings.Idle is null ? sending : idling);
        await over.CancelAsync();
        await Task.WhenAll(receiving, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        await first;
        if (first == idling)
            throw new ProgramException(ExitCodes.TimedOut, _idle.Message);
        if (_isRefused)
            throw new ProgramException(ExitCodes.NetworkFailed, $"nobody listens at {peer.Peer}: the last datagram was refused; check the port, or start the server");
        return _hasFailed ? ExitCodes.NetworkFailed : ExitCodes.Done;
    }

    private async Task SendAllAsync(DatagramSocket socket, CancellationToken over)
    {
        if (settings.NoStdin)
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, over);
        PipeReader input = BlockingInput.Open(environment.OpenInput(), "standard input");
        await foreach (DatagramLine line in DatagramLines.ReadAllAsync(input, DatagramFormat.LineBytesMax(socket, settings.Format), over))
        {
            if (DatagramFormat.ToDatagram(line, settings.Format, out string? problem) is { } datagram)
                problem = await SendAsync(socket, datagram, line, over);
            if (problem is not null)
            {
                _hasFailed = true;
                reporter.Tell(new CliEvent(EventKind.Notice) { Message = problem });
            }
        }

        await Task.Delay(settings.ReplyWait, _time, over);
    }

    /// <summary>Sends; what went wrong, or null.</summary>
    private async ValueTask<string?> SendAsync(DatagramSocket socket, byte[] datagram, DatagramLine line, CancellationToken over)
    {
        try
        {
            try
            {
                await socket.SendAsync(datagram, over);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // That was an earlier one, refused by the machine there; this one has not gone yet.
                OnRefused(e);
                await socket.SendAsync(datagram, over);
            }

            _idle.OnMoved();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            OnRefused(e);
            return null;
        }
        catch (SocketException e)
        {
            return DatagramFormat.Explain(e, line);
        }
    }

    private async Task ReceiveAsync(DatagramSocket socket, CliEvent peer, Outlet outlet, CancellationToken over)
    {
        byte[] buffer = new byte[DatagramFormat.ReceiveBytesMax];
        while (true)
        {
            try
            {
                ReceivedDatagram received = await socket.ReceiveAsync(buffer, over);
                _idle.OnMoved();
                _isRefused = false;
                ReadOnlySequence<byte> bytes = new(received.Bytes);
                if (reporter.IsJson)
                    reporter.WriteReceived(peer, bytes, outlet.Writer);
                else
                    settings.Format.WriteMessage(bytes, outlet.Writer);
                await outlet.Writer.FlushAsync(over);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                OnRefused(e);
            }
        }
    }

    /// <summary>Whoever types is told at once; the end tells everybody.</summary>
    private void OnRefused(SocketException error)
    {
        if (!_isRefused && environment.IsInputTerminal)
            reporter.Tell(new CliEvent(EventKind.Notice) { Message = error.Message });
        _isRefused = true;
    }
}
