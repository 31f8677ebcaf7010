using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Output;
using Sockeye.Cli.Services;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>
/// Talks with everybody who sends datagrams: each sender has a number, which stands before what it says. A line that is typed answers the one heard
/// last, <c>@3 text</c> number 3.
/// </summary>
internal sealed class ListenDatagrams(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    private readonly Senders _senders = new();
    private readonly IdleWatch _idle = new(settings.Idle, environment.Network.TimeProvider);

    private volatile DatagramSocket? _socket;

    /// <summary>Closes what listens, as the process ends at once: no file of a Unix socket is left behind.</summary>
    public void Close()
    {
        if (_socket is { } socket)
            Task.WaitAll([socket.DisposeAsync().AsTask()], EndPointSet.CloseTimeout);
    }

    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        await using DatagramSocket socket = _socket = await environment.Network.OpenDatagramAsync(address, stop);
        foreach (EndPoint endPoint in socket.LocalEndPoints)
            reporter.Tell(new CliEvent(EventKind.Listening) { Address = $"{(endPoint is IPEndPoint ? socket.Address.WithEndPoint(endPoint) : socket.Address)}" });
        Outlet outlet = reporter.OpenOutlet(new CliEvent(EventKind.Listening));
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task receiving = ReceiveAsync(socket, outlet, over.Token);
        Task sending = SendAllAsync(socket, over.Token);
        Task idling = _idle.WaitAsync(over.Token);

        // The end of the input is no end: others may still send.
        List<Task> ends = [receiving, FailureOf(sending), outlet.Ended];
        if (settings.Idle is not null)
            ends.Add(idling);
        Task first = await Task.WhenAny(ends);
        await over.CancelAsync();
        await Task.WhenAll(receiving, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        await first;
        return first == idling ? throw new ProgramException(ExitCodes.TimedOut, _idle.Message) : ExitCodes.Done;
    }

    /// <summary>Completes only if <paramref name="task"/> fails.</summary>
    private static async Task FailureOf(Task task)
    {
        await task;
        await new TaskCompletionSource().Task;
    }

    private async Task ReceiveAsync(DatagramSocket socket, Outlet outlet, CancellationToken over)
    {
        byte[] buffer = new byte[DatagramFormat.ReceiveBytesMax];
        SocketAddress from = socket.CreateAddress();
        int addressSize = from.Size;
        while (true)
        {
            from.Size = addressSize;
            DatagramResult result;
            try
            {
                result = await socket.ReceiveAsync(buffer, from, over);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // An answer of ours came back: its receiver has gone.
                reporter.Tell(new CliEvent(EventKind.Notice) { Message = e.Message });
                continue;
            }

            _idle.OnMoved();
            Show(socket, _senders.Hear(from, () => NameOf(from, socket), out bool isNew), isNew, buffer.AsMemory(0, result.Count), outlet.Writer);
            await outlet.Writer.FlushAsync(over);
        }
    }

    private void Show(DatagramSocket socket, Sender sender, bool isNew, ReadOnlyMemory<byte> datagram, PipeWriter output)
    {
        CliEvent peer = new(EventKind.Connected) { Connection = sender.Number, Address = $"{socket.Address}", Peer = sender.Name };
        if (reporter.IsJson)
        {
            if (isNew)
                reporter.Tell(peer);
            reporter.WriteReceived(peer, new ReadOnlySequence<byte>(datagram), output);
            return;
        }

        if (isNew)
            reporter.Tell(new CliEvent(EventKind.Notice) { Message = $"#{sender.Number} is {sender.Name}" });
        output.Write(Encoding.ASCII.GetBytes($"#{sender.Number} "));
        settings.Format.WriteMessage(new ReadOnlySequence<byte>(datagram), output);
    }

    private async Task SendAllAsync(DatagramSocket socket, CancellationToken over)
    {
        if (settings.NoStdin)
            return;
        PipeReader input = BlockingInput.Open(environment.OpenInput(), "standard input");
        await foreach (DatagramLine line in DatagramLines.ReadAllAsync(input, DatagramFormat.LineBytesMax(socket, settings.Format), over))
        {
            // What is typed before anybody was heard is for the first.
            await _senders.First.WaitAsync(over);
            if (await SendAsync(socket, line, over) is { } problem)
                reporter.Tell(new CliEvent(EventKind.Notice) { Message = problem });
        }
    }

    /// <summary>Sends a line to whom it is for; what went wrong, or null.</summary>
    private async ValueTask<string?> SendAsync(DatagramSocket socket, DatagramLine line, CancellationToken over)
    {
        Sender? to = _senders.Last;
        if (Addressed(line.Bytes, out int prefix) is { } number)
        {
            if (!_senders.TryFind(number, out to))
                return $"line {line.Number} was not sent: nobody is #{number}";
            line = line with { Bytes = line.Bytes![prefix..], Length = line.Length - prefix };
        }

        if (!HasName(to!.Address))
            return $"line {line.Number} was not sent: #{to.Number} has no name to answer to; its socket has to be bound to one";
        if (DatagramFormat.ToDatagram(line, settings.Format, out string? problem) is not { } datagram)
            return problem;
        try
        {
            await socket.SendNowAsync(datagram, to.Address, over);
            _idle.OnMoved();
            return null;
        }
        catch (SocketException e)
        {
            return $"#{to.Number}: {DatagramFormat.Explain(e, line)}";
        }
    }

    /// <summary>The number in <c>@3 text</c>, and where the text begins; null for any other line.</summary>
    private static long? Addressed(byte[]? line, out int prefix)
    {
        prefix = line is null ? 0 : Array.IndexOf(line, (byte)' ') + 1;
        return prefix > 2 && line![0] == '@'
            && long.TryParse(Encoding.Latin1.GetString(line, 1, prefix - 2), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }

    /// <summary>A Unix socket that was never bound has no name.</summary>
    private static string NameOf(SocketAddress from, DatagramSocket socket) =>
        Client.Name(HasName(from) ? EndPoints.FromAddress(from) : null, socket.Socket);

    private static bool HasName(SocketAddress address) => address.Size > sizeof(ushort);
}
