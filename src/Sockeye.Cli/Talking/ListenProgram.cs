using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Talking;

/// <summary>
/// Listens, and talks with the first that comes; with <c>--keep-open</c> with one after the other, or where each is given a command with many at once.
/// </summary>
internal sealed class ListenProgram(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    /// <summary>How long it waits before it goes on when the machine has run out of something: whoever is served frees some meanwhile.</summary>
    private static readonly TimeSpan ShortagePause = TimeSpan.FromMilliseconds(200);

    private readonly Talk _talk = new(environment, settings, reporter);
    private readonly CommandTalk _commands = new(environment, settings, reporter);

    private volatile Listener? _listener;

    /// <summary>Closes what listens, as the process ends at once: no file of a Unix socket is left behind.</summary>
    public void Close()
    {
        if (_listener is { } listener)
            Task.WaitAll([listener.DisposeAsync().AsTask()], EndPointSet.CloseTimeout);
    }

    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        await using Listener listener = _listener = await environment.Network.ListenAsync(address, new ListenerOptions { Tls = settings.ServerTls, WebSocket = settings.WebSocket, LingerTimeout = Talk.CloseTimeout }, stop);
        foreach (EndPoint endPoint in listener.LocalEndPoints)
            reporter.Tell(new CliEvent(EventKind.Listening) { Address = $"{(endPoint is IPEndPoint ? listener.Address.WithEndPoint(endPoint) : listener.Address)}" });
        if (settings.KeepOpen)
        {
            await ServeAllAsync(listener, stop);
            return ExitCodes.Done;
        }

        Connection connection = await AcceptAsync(listener, stop);

        // Nobody else is served: who comes now shall not wait in vain.
        await listener.DisposeAsync();
        Ending ending = await ServeAsync(connection, number: 1, stop);
        if (ending is { ExitCode: ExitCodes.Done, Message: { } message })
            reporter.Tell(new CliEvent(EventKind.Notice) { Message = message });
        else if (ending.Message is { } failure)
            throw new ProgramException(ending.ExitCode, failure);
        return ExitCodes.Done;
    }

    /// <summary>One after the other; clients with a command side by side, as many as there may be: the next waits to be accepted.</summary>
    private async Task ServeAllAsync(Listener listener, CancellationToken stop)
    {
        using SemaphoreSlim slots = new(settings.Command is null ? 1 : settings.ConnectionLimit);
        List<Task> served = [];
        try
        {
            for (long number = 1; ; number++)
            {
                await slots.WaitAsync(stop);
                Connection connection = await AcceptNextAsync(listener, stop);
                served.RemoveAll(task => task.IsCompleted);
                served.Add(ServeOneAsync(connection, number, slots, stop));
            }
        }
        finally
        {
            await Task.WhenAll(served).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One client's trouble is told, and is no other's.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong with one client is told, and the others are served.")]
    private async Task ServeOneAsync(Connection connection, long number, SemaphoreSlim slots, CancellationToken stop)
    {
        CliEvent peer = new(EventKind.Notice) { Connection = number };
        try
        {
            peer = peer with { Address = Client.NameOf(connection), Peer = Client.Name(connection.RemoteEndPoint, connection.Socket) };
            Ending ending = await ServeAsync(connection, number, stop);
            if (ending.Message is { } message)
                reporter.Tell(peer with { Message = message });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e) when (e is Win32Exception and not SocketException or OutOfMemoryException)
        {
            // No more processes, descriptors or threads: its place stays taken for a while.
            reporter.Tell(peer with { Message = $"cannot start the command: {(e is Win32Exception { NativeErrorCode: var code } ? new Win32Exception(code).Message : e.Message)}" });
            await Task.Delay(ShortagePause, environment.Network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e)
        {
            reporter.Tell(peer with { Message = e.Message });
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>What goes wrong with accepting is told, once for as long as it lasts, and tried again: those who are served go on.</summary>
    private async Task<Connection> AcceptNextAsync(Listener listener, CancellationToken stop)
    {
        bool isTold = false;
        while (true)
        {
            try
            {
                return await AcceptAsync(listener, stop);
            }
            catch (SocketException e) when (!IsFinal(e.SocketErrorCode))
            {
                if (!isTold)
                    reporter.Tell(new CliEvent(EventKind.Notice) { Address = $"{listener.Address}", Message = e.Message });
                isTold = true;
                await Task.Delay(ShortagePause, environment.Network.TimeProvider, stop);
            }
        }
    }

    /// <summary>Errors of the listening socket itself, which no waiting mends.</summary>
    private static bool IsFinal(SocketError error) => error is SocketError.InvalidArgument or SocketError.NotSocket or SocketError.OperationNotSupported or SocketError.OperationAborted;

    private async Task<Ending> ServeAsync(Connection connection, long number, CancellationToken stop)
    {
        try
        {
            await connection.HandshakeAsync(stop);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            throw;
        }
        catch
        {
            // In order: a reset would destroy the alert that says why.
            await connection.DisposeAsync();
            throw;
        }

        return await (settings.Command is null ? _talk.RunAsync(connection, number, stop) : _commands.RunAsync(connection, number, stop));
    }

    private async Task<Connection> AcceptAsync(Listener listener, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(settings.Timeout ?? Timeout.InfiniteTimeSpan, environment.Network.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await listener.AcceptAsync(either.Token) ?? throw new OperationCanceledException(stop);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new ProgramException(ExitCodes.TimedOut, $"nobody has connected to {listener.Address} within {Duration.Print(settings.Timeout!.Value)} (--timeout)");
        }
    }
}
