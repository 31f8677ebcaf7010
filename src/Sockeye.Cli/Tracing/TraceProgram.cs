using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Tracing;

/// <summary>Makes one connection, talks over it as it is told, closes it, and tells each step.</summary>
internal sealed class TraceProgram(Network network, TraceSettings settings, TextWriter output, TraceReport report)
{
    /// <summary>How often what happened is written while nothing else happens.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(100);

    private readonly Timeline _timeline = new(output, report, network.TimeProvider);

    /// <summary>Traces to the end; the exit code.</summary>
    /// <exception cref="ProgramException">What is traced failed; so do the network's own exceptions. The timeline has it too.</exception>
    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        using Segments segments = new(_timeline, settings.OpenCapture);
        TraceObserver observer = new(_timeline, segments, address);
        ProtocolWatch watch = new(address);
        using CancellationTokenSource over = new();
        Task flushing = FlushAsync(segments, observer, over.Token);
        try
        {
            TraceStep end = address.SocketType == SocketType.Dgram
                ? await new DatagramTrace(network, settings, _timeline, observer).RunAsync(address, stop)
                : await new StreamTrace(network, settings, _timeline, observer, watch, segments).RunAsync(address, stop);
            segments.Take();
            _timeline.Add(end);
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is SocketException or ProgramException or ProtocolException or IOException)
        {
            segments.Take();
            Exception failure = Diagnosis.Of(e, address, observer, watch, settings);
            _timeline.Add(new TraceStep(TraceStepKind.Failed) { Message = failure.Message, ExitCode = CommandLine.ExitCodeOf(failure) });
            if (failure == e)
                throw;
            throw failure;
        }
        finally
        {
            await over.CancelAsync();
            await flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TellDropped(segments);
            _timeline.Flush();
        }
    }

    private async Task FlushAsync(Segments segments, TraceObserver observer, CancellationToken over)
    {
        using PeriodicTimer timer = new(FlushInterval, network.TimeProvider);
        while (await timer.WaitForNextTickAsync(over))
        {
            observer.LookAtAttempts();
            segments.Take();
            _timeline.Flush();
        }
    }

    private void TellDropped(Segments segments)
    {
        segments.Take();
        if (segments.Dropped is > 0 and long dropped)
            _timeline.Add(new TraceStep(TraceStepKind.Notice) { Reason = "dropped", Message = $"the kernel had no room for {dropped} segments: they are not shown" });
    }
}
