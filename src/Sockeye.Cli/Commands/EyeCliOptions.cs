using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Eye;

namespace Sockeye.Cli.Commands;

/// <summary>The options for the page that shows what passes: of the verbs that have something to show.</summary>
/// <param name="isRecursive">The verbs below the verb have them.</param>
internal sealed class EyeCliOptions(bool isRecursive = false)
{
    private readonly Option<bool> _web = OptionKinds.Flag("--web", "show it on a page, on this machine; the link is told at the start");
    private readonly Option<string?> _address = OptionKinds.Text("--web-address", "where that page is, as in http://*:8090; beyond this machine it needs the token in its link", "ADDRESS");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _web, _address })
        {
            option.Recursive = isRecursive;
            command.Add(option);
        }
    }

    /// <summary>What the page is to show; null where none is wanted.</summary>
    public EyeRecorder? CreateRecorder(ParseResult parsed, TimeProvider time) =>
        parsed.GetValue(_web) || parsed.GetValue(_address) is not null ? new EyeRecorder(time) : null;

    /// <summary>Opens the page and tells where it is.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="recorder">What it shows; null: no page.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="faults">What it can make go wrong; null: nothing.</param>
    /// <param name="log">Where its link is told.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="UsageException">There can be no page at this address.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Nothing can listen there.</exception>
    public async Task<EyePage?> OpenAsync(ParseResult parsed, EyeRecorder? recorder, string title, FaultControl? faults, EventLog log, CancellationToken cancellationToken)
    {
        if (recorder is null)
            return null;
        EyePageOptions options = new() { Recorder = recorder, Title = title, Faults = faults };
        try
        {
            EyePage page = await EyePage.StartAsync(parsed.GetValue(_address) is { } address ? options with { Address = address } : options, cancellationToken);
            log.Write(new CliEvent(EventKind.Page) { Address = page.Link });
            return page;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            throw new UsageException($"{_address.Name}: {e.Message.TrimEnd('.')}");
        }
    }
}
