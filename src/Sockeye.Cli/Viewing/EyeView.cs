using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;
using Sockeye.Eye;

namespace Sockeye.Cli.Viewing;

/// <summary>The page of <c>--web</c> and what it shows, from its start to its end. Without one nothing of ASP.NET Core is loaded.</summary>
internal sealed class EyeView : IAsyncDisposable
{
    private readonly EyeRecorder _recorder;
    private readonly EyePage _page;
    private IDisposable? _observing;

    private EyeView(EyeRecorder recorder, EyePage page, TimeProvider time) => (_recorder, _page, Numbers) = (recorder, page, new ViewNumbers(recorder, new StandStill(), time));

    /// <summary>What is told of the sockets.</summary>
    public SocketObserver Recorder => _recorder;

    /// <summary>Its numbers of connections. Nothing that it writes to can stand still.</summary>
    public ViewNumbers Numbers { get; }

    /// <summary>Where a browser finds it.</summary>
    public string Link => _page.Link;

    /// <summary>Opens the page.</summary>
    /// <param name="settings">What it is.</param>
    /// <param name="time">The clock of what it shows.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="FormatException">Its address is none.</exception>
    /// <exception cref="NotSupportedException">There can be no page at it.</exception>
    /// <exception cref="SocketException">Nothing can listen there.</exception>
    public static async Task<EyeView> OpenAsync(EyeViewSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        EyeRecorder recorder = new(time, new EyeRecorderOptions { ShowSecrets = settings.ShowSecrets });
        try
        {
            EyePageOptions options = new() { Recorder = recorder, Title = settings.Title, Faults = settings.Faults };
            return new EyeView(recorder, await EyePage.StartAsync(settings.Address is { } address ? options with { Address = address } : options, cancellationToken), time);
        }
        catch
        {
            await recorder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Shows every socket of the network that is made from now on.</summary>
    public void Observe(Network network) => _observing = network.Observe(_recorder);

    /// <summary>Stays after the end of what it shows for as long as a browser looks: what was said is asked of this program when somebody chooses it. If nobody looks it does not wait.</summary>
    /// <param name="why">What ended it; null: it came to its end.</param>
    /// <param name="tell">Is told that it stays.</param>
    /// <param name="stop">Whoever waits has waited long enough.</param>
    public async Task StayAsync(string? why, Action<CliEvent> tell, CancellationToken stop)
    {
        if (!_page.IsLookedAt || stop.IsCancellationRequested)
            return;
        tell(new CliEvent(EventKind.Notice) { Message = $"{(why is null ? "it is over" : why.TrimEnd('.'))}; the page stays as long as a browser looks at it, or until Ctrl-C" });
        await _page.WaitUntilLeftAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Whoever looks is told how it ended, and then that the page has.</summary>
    public async ValueTask DisposeAsync()
    {
        _observing?.Dispose();
        await _recorder.DisposeAsync();
        await _page.DisposeAsync();
    }
}
