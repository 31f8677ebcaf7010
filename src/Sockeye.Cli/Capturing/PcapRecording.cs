using System.Globalization;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Capturing;

/// <summary>A recording from its start to its end. What goes wrong with it is told, and stops nothing.</summary>
internal sealed class PcapRecording(PcapngRecorder recorder, string path, PcapSide side, Action<CliEvent> tell) : IAsyncDisposable
{
    private IDisposable? _observing;

    /// <summary>Records every socket of the network that is made from now on.</summary>
    public void Observe(Network network) => _observing = network.Observe(recorder);

    /// <summary>Records one side of a relay, or both.</summary>
    public RelaySettings Observe(RelaySettings settings) => settings with
    {
        ClientObserver = side == PcapSide.Target ? null : recorder,
        TargetObserver = side == PcapSide.Client ? null : recorder,
    };

    /// <summary>Writes what is still to be written.</summary>
    public async ValueTask DisposeAsync()
    {
        _observing?.Dispose();
        await recorder.DisposeAsync();
        if (recorder.Dropped > 0)
            Tell($"{Count(recorder.Dropped, "event")} came too fast to be recorded, and left gaps");
        if (recorder.LostPackets > 0)
            Tell($"{Count(recorder.LostPackets, "packet")} could not be written");
    }

    private void Tell(string message) => tell(new CliEvent(EventKind.Notice) { Message = $"{path}: {message}" });

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
