using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipelines;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;
using Sockeye.Cli.Talking.Channels;

namespace Sockeye.Cli.Talking;

/// <summary>Gives each client a process of its own: what the client sends is its input, what it writes goes to the client.</summary>
internal sealed class CommandTalk(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    /// <summary>How long a command whose client has gone may take to end before it is ended.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many descriptors there must be before a command is started: it takes six of them for a moment, and the runtime, which ends the process when it has none
    /// for a thread, may want some in just that moment.
    /// </summary>
    private const int FreeDescriptorsMin = 20;

    /// <summary>EMFILE, which Linux and macOS number alike.</summary>
    private const int TooManyOpenFiles = 24;

    /// <summary>Held while the descriptors are counted and taken.</summary>
    private static readonly Lock Starting = new();

    private readonly TimeProvider _time = environment.Network.TimeProvider;

    public async Task<Ending> RunAsync(Connection connection, long number, CancellationToken stop)
    {
        await using Connection closing = connection;
        await connection.HandshakeAsync(stop);
        CliEvent peer = new(EventKind.Connected)
        {
            Connection = number,
            Address = Client.NameOf(connection),
            Peer = Client.Name(connection.RemoteEndPoint, connection.Socket),
        };
        reporter.Tell(peer with { Tls = Client.TlsVersion(connection) });
        using Process process = Start(connection, peer);
        try
        {
            return await RunAsync(connection, process, peer, stop);
        }
        finally
        {
            // Whatever went wrong: nobody is there for whom it would run.
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private async Task<Ending> RunAsync(Connection connection, Process process, CliEvent peer, CancellationToken stop)
    {
        PipeReader input = BlockingInput.Open(process.StandardOutput.BaseStream, "the command's output");
        BlockingOutlet outlet = new(process.StandardInput.BaseStream, "the command's input");
        using CancellationTokenSource exited = new();
        Task exiting = CancelAtExitAsync(process, exited);
        ConversationOptions options = new()
        {
            Linger = settings.Linger,
            Idle = settings.Idle,
            OutlivesOutlet = true,
            OnEnded = direction => reporter.Tell(peer with { Kind = EventKind.Ended, Direction = $"{direction}".ToLowerInvariant() }),
        };
        long startedAt = _time.GetTimestamp();
        Ending ending = await new Conversation(Channel.Open(connection, settings.Format with { IsSafe = false }, writeJson: null), input, outlet, options, _time).RunAsync(stop, exited.Token);
        if (ending.WasCut || ending.Cause is EndCause.Idle)
            connection.Abort();
        await input.CompleteAsync();
        await outlet.Writer.CompleteAsync();
        await EndAsync(process, exiting, stop);
        reporter.Tell(peer with { Kind = EventKind.Exited, ExitCode = process.ExitCode });
        ending = WebSocketEnding.Of(connection, ending);
        reporter.Tell(WebSocketEnding.Describe(connection, peer with
        {
            Kind = EventKind.Left,
            Reason = $"{ending.Cause}".ToLowerInvariant(),
            Bytes = ending.BytesReceived,
            Sent = ending.BytesSent,
            Duration = _time.GetElapsedTime(startedAt),
        }));
        return ending;
    }

    /// <exception cref="Win32Exception">There can be no more processes or descriptors; the client is not told that all went well.</exception>
    private Process Start(Connection connection, CliEvent peer)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", settings.Command!]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["SOCKEYE_PEER"] = peer.Peer;
        start.Environment["SOCKEYE_LOCAL"] = peer.Address;
        try
        {
            lock (Starting)
            {
                if (!DescriptorCheck.HasFree(FreeDescriptorsMin))
                    throw new Win32Exception(TooManyOpenFiles);
                return Process.Start(start)!;
            }
        }
        catch (Win32Exception)
        {
            connection.Abort();
            throw;
        }
    }

    private static async Task CancelAtExitAsync(Process process, CancellationTokenSource exited)
    {
        await process.WaitForExitAsync();
        await exited.CancelAsync();
    }

    /// <summary>A command that neither its input's end nor nobody's hearing it has ended is ended.</summary>
    private async Task EndAsync(Process process, Task exiting, CancellationToken stop)
    {
        await exiting.WaitAsync(ExitTimeout, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!exiting.IsCompleted)
            process.Kill(entireProcessTree: true);
        await exiting;
    }
}
