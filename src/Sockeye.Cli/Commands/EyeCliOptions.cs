using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Viewing;

namespace Sockeye.Cli.Commands;

/// <summary>The options for the page that shows what passes: of the verbs that have something to show.</summary>
internal sealed class EyeCliOptions
{
    private readonly Option<bool> _web;
    private readonly Option<string?> _address = OptionKinds.Text("--web-address", "where that page is, as in http://*:8090; beyond this machine it needs the token in its link", "ADDRESS");
    private readonly Option<bool> _showSecrets = OptionKinds.Flag("--show-secrets", "passwords, tokens and cookies on that page as they are, not masked; on this machine only");
    private readonly bool _isRecursive;

    /// <param name="isRecursive">The verbs below the verb have them.</param>
    /// <param name="end">What becomes of the page when the verb has ended; null: it ends with it.</param>
    public EyeCliOptions(bool isRecursive = false, string? end = null)
    {
        _isRecursive = isRecursive;
        _web = OptionKinds.Flag("--web", $"show it on a page, on this machine; the link is told at the start{(end is null ? "" : "; " + end)}");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _web, _address, _showSecrets })
        {
            option.Recursive = _isRecursive;
            command.Add(option);
        }
    }

    /// <summary>Whether there is to be a page.</summary>
    public bool IsAskedFor(ParseResult parsed) => parsed.GetValue(_web) || parsed.GetValue(_address) is not null;

    /// <summary>Opens the page, if one is asked for, and tells where it is.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="environment">What the program has of the world; it is warned there of secrets that are shown.</param>
    /// <param name="title">The page's heading.</param>
    /// <param name="faults">What it can make go wrong; null: nothing.</param>
    /// <param name="tell">Where its link is told; with <c>--quiet</c> it is standard error.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>Null: no page.</returns>
    /// <exception cref="UsageException">There can be no page at this address.</exception>
    /// <exception cref="SocketException">Nothing can listen there.</exception>
    public async Task<EyeView?> OpenAsync(ParseResult parsed, CliEnvironment environment, string title, FaultControl? faults, Action<CliEvent> tell, CancellationToken cancellationToken)
    {
        bool showsSecrets = parsed.GetValue(_showSecrets);
        if (!IsAskedFor(parsed))
            return showsSecrets ? throw new UsageException($"{_showSecrets.Name} is for a page: write {_web.Name} too") : null;
        try
        {
            EyeViewSettings settings = new() { Title = title, Address = parsed.GetValue(_address), ShowSecrets = showsSecrets, Faults = faults };
            EyeView view = await EyeView.OpenAsync(settings, environment.Network.TimeProvider, cancellationToken);
            if (showsSecrets)
                environment.Error.WriteLine($"sockeye: WARNING: {_showSecrets.Name}: passwords, tokens and cookies are NOT masked on the page; whoever is on this machine can read them");
            Tell(new CliEvent(EventKind.Page) { Address = view.Link }, parsed, environment, tell);
            return view;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            throw new UsageException($"{_address.Name}: {Sentences.Continue(e.Message).TrimEnd('.')}");
        }
    }

    /// <summary>Without the link there is no way to the page: its port is any free one, or it needs the token. So it is told even where events are not.</summary>
    private static void Tell(CliEvent page, ParseResult parsed, CliEnvironment environment, Action<CliEvent> tell)
    {
        if (OptionKinds.IsQuiet(parsed))
            environment.Error.WriteLine(new TextFormat(environment.Columns).Format(page));
        else
            tell(page);
    }
}
