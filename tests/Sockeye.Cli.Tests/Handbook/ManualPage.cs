using System.CommandLine;
using System.Text;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Handbook;

/// <summary>The manual's page of the program, made of what the program itself knows: its verbs, their options and examples.</summary>
internal static class ManualPage
{
    private const string Head = """
        # sockeye(1)

        This page is made of the program's own help: the test `ManualPageTests` holds it to that, and `SOCKEYE_ACCEPT_MANUAL=1 ./test --filter ManualPage` writes it
        anew.

        ## Name

        sockeye: sockets you can see. Be a chat or another server, talk, relay, trace and ping, at addresses of any kind.

        """;

    private const string Tail = """
        ## Addresses

        `tcp://HOST:PORT`, `udp://HOST:PORT`, `tls://HOST:PORT`, `ws://HOST:PORT/PATH`, `wss://…`, `unix://PATH`, `unix-dgram://PATH`, `unix-seqpacket://PATH`,
        `abstract://NAME`, with options behind a question mark: [addresses](../addresses.md).

        ## Times

        A number with `ms`, `s`, `m` or `h`: `500ms`, `5s`, `2m`, `1h`.

        ## Output

        What is asked for goes to standard output and nothing else does; everything else goes to standard error, one line each. With `--json` standard output
        has one JSON object a line: [the schema](../cli-json.md). Bytes from a peer are never obeyed by a terminal: what is not printed is escaped.

        ## Exit status

        | code | meaning |
        | --- | --- |
        | 0 | done; a server that was asked to stop has done so |
        | 1 | the network failed: one line says what, where, why, and what to try; or what was looked for was found: `replay` a difference, `doctor` a problem |
        | 2 | wrong usage: one line says what is wrong with the command line, or with a file that it names |
        | 3 | TLS failed, or the peer is not to be trusted |
        | 4 | a time that was given has passed |
        | 5 | the peer reset the connection in mid-stream |
        | 130 | interrupted |

        ## Signals

        The first SIGINT, SIGTERM or SIGHUP stops in order: servers drain, and sockets' files are removed. A second one ends at once.

        ## Environment

        | variable | meaning |
        | --- | --- |
        | `SOCKEYE_DEBUG` | 1: a failure is shown with its stack trace |
        | `SOCKEYE_HUB__KEY` | a setting of the hub, as `SOCKEYE_HUB__TEXT`: [the hub's settings](12-hub.md#settings) |

        ## See also

        [The hub](12-hub.md), [talking in a terminal](08-terminal.md), [relaying](09-relay.md), [TLS](06-tls.md), [WebSocket](05-websocket.md), [frames](03-framing.md),
        `sockeye VERB --help`, and completion for shells: `sockeye completion bash`, `sockeye completion zsh`.

        """;

    public static string Print(Command root)
    {
        StringBuilder page = new(Head + "\n");
        IReadOnlyList<Command> verbs = [.. root.Subcommands.Where(verb => !verb.Hidden)];
        page.Append("## Synopsis\n\n```\n");
        foreach (string line in verbs.SelectMany(SynopsesOf))
            page.Append(line).Append('\n');
        page.Append("```\n\n## Verbs\n\n");
        foreach (Command verb in verbs)
            PrintVerb(page, verb);
        return page.Append(Tail).ToString();
    }

    private static void PrintVerb(StringBuilder page, Command verb)
    {
        page.Append($"### {verb.Name}\n\n{verb.Description}\n\n");
        if (verb.Subcommands.Count > 0)
        {
            page.Append($"| {verb.Name} … | |\n| --- | --- |\n");
            foreach (Command sub in verb.Subcommands)
                page.Append($"| `{Synopsis("", sub).Trim()}` | {Cell(sub.Description)}{string.Concat(sub.Options.Where(IsShown).Select(option => $" `{Form(option)}`: {Cell(option.Description)}."))} |\n");
            page.Append('\n');
        }

        if (verb.Options.Any(IsShown))
        {
            page.Append("| option | meaning |\n| --- | --- |\n");
            foreach (Option option in verb.Options.Where(IsShown))
                page.Append($"| `{Form(option)}` | {Cell(option.Description)} |\n");
            page.Append('\n');
        }

        page.Append("```\n");
        foreach (string example in Examples.Of(verb))
            page.Append(example).Append('\n');
        page.Append("```\n\n");
    }

    /// <summary>A verb that does something by itself has its own line, and each of its tasks has one.</summary>
    private static IEnumerable<string> SynopsesOf(Command verb) => verb.Action is null || verb.Subcommands.Count == 0
        ? [Synopsis("sockeye", verb)]
        : verb.Subcommands.Select(sub => Synopsis($"sockeye {verb.Name}", sub)).Prepend($"sockeye {verb.Name} [OPTION…]");

    private static string Synopsis(string before, Command command)
    {
        StringBuilder line = new($"{before} {command.Name}");
        if (command.Subcommands.Count > 0)
            line.Append($" {string.Join('|', command.Subcommands.Select(sub => sub.Name))}");
        if (command.Options.Any(IsShown))
            line.Append(" [OPTION…]");
        foreach (Argument argument in (command.Subcommands.FirstOrDefault() ?? command).Arguments)
            line.Append($" {argument.Name}{(argument.Arity.MaximumNumberOfValues > 1 ? "…" : "")}");
        return line.ToString();
    }

    private static string Form(Option option) => string.Join(", ", option.Aliases.Prepend(option.Name)) + (option.Arity.MaximumNumberOfValues == 0 ? "" : $" {option.HelpName ?? "VALUE"}");

    /// <summary>Every verb has the help.</summary>
    private static bool IsShown(Option option) => !option.Hidden && option is not System.CommandLine.Help.HelpOption;

    /// <summary>A bar would end the cell.</summary>
    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
