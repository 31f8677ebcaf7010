using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Sockeye.Cli.Commands;

/// <summary>What is wrong with a command line, in one sentence that names the nearest right word.</summary>
internal static class UsageProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? Find(ParseResult parsed, string[] arguments)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.Action is ExamplesHelpAction)
            return parsed.UnmatchedTokens is [{ } what, ..] && !what.StartsWith('-') && command.Subcommands.Count > 0 ? UnknownWord(command, what) : null;
        if (FlagWithValue(command, arguments) is { } flag)
            return $"{flag.Split('=')[0]} takes no value; leave out \"{flag[flag.IndexOf('=')..]}\"";
        if (parsed.UnmatchedTokens.Count > 0 && UnknownOptionTakenForAnArgument(parsed) is { } option)
            return UnknownOption(command, option);
        if (parsed.UnmatchedTokens is [{ } word, ..])
            return word.StartsWith('-') && word.Length > 1 ? UnknownOption(command, word) : LeftOver(parsed.CommandResult, word);

        // An option without its value took nothing that is missing elsewhere: it is what was typed wrong.
        if (parsed.Errors.OrderBy(each => each.SymbolResult is not OptionResult).FirstOrDefault() is not { } error)
            return null;
        return error.SymbolResult switch
        {
            OptionResult { IdentifierTokenCount: > 1 } twice => $"{twice.Option.Name} is given {twice.IdentifierTokenCount} times; keep one",
            OptionResult { Tokens: [], Option.Arity.MinimumNumberOfValues: > 0 } bare => $"{bare.Option.Name} needs a value: {bare.Option.Description}",
            ArgumentResult { Tokens: [] } argument => $"{PathOf(command)} needs {WithArticle(argument.Argument.Name.ToLowerInvariant())}; try {Examples.Of(command)[0]}",
            CommandResult when command.Subcommands.Count > 0 => $"{PathOf(command)} needs a {KindOf(command)}; {Known(command)}",
            _ => error.Message,
        };
    }

    public static string UnknownOption(Command command, string word)
    {
        string name = word.Split('=')[0];
        string[] known = [.. OptionsOf(command)];
        if (known.Contains(name))
            return $"{name} belongs behind {PathOf(command)}; see sockeye {PathOf(command)} --help";
        string advice = Habits.Find(name, command, known) is { } habit ? habit
            : OwnersOf(name, command) is { Length: > 0 } others ? $"{Enumerate(others)} {(others.Length == 1 ? "has" : "have")} it"
            : NearestWord.Find(name, known) is { } nearest ? $"did you mean {nearest}?"
            : $"it has {string.Join(", ", known)}";
        return $"{PathOf(command)} has no option \"{name}\"; {advice}";
    }

    /// <summary>The other services, or else the other verbs, that have an option of this very name.</summary>
    private static string[] OwnersOf(string name, Command command) => Ancestors(command)
        .Select(ancestor => ancestor.Subcommands.Where(other => other != command && other.Options.Any(option => option.Name == name)).Select(other => other.Name).ToArray())
        .FirstOrDefault(owners => owners.Length > 0) ?? [];

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Ancestors(parent).Prepend(parent));

    private static string Enumerate(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    /// <summary>The first <c>--flag=value</c>, which the parser would take for two words.</summary>
    private static string? FlagWithValue(Command command, string[] arguments)
    {
        Option[] options = [.. Ancestors(command).Prepend(command).SelectMany(each => each.Options)];
        bool Takes(string name, bool value) => Array.Exists(options, option => option.Name == name && option.Arity.MaximumNumberOfValues > 0 == value);
        string[] before = [.. arguments.TakeWhile(argument => argument != "--")];
        return before.Where((argument, i) => argument.Contains('=') && Takes(argument.Split('=')[0], value: false) && (i == 0 || !Takes(before[i - 1], value: true))).FirstOrDefault();
    }

    /// <summary>A word that no argument has taken: one too many, or one that stands before its verb.</summary>
    private static string LeftOver(CommandResult result, string word)
    {
        Command command = result.Command;
        if (command.Subcommands.Count > 0 || command.Arguments is not [{ } argument, ..])
            return UnknownWord(command, word);
        string noun = argument.Name.ToLowerInvariant();
        string[] taken = [.. result.Children.OfType<ArgumentResult>().SelectMany(each => each.Tokens).Select(token => token.Value)];
        if (taken.Length == 0 || argument.Arity.MaximumNumberOfValues > 1)
            return $"{PathOf(command)} comes before {WithArticle(noun)}; try {Examples.Of(command)[0]}";

        // As other programs take them: host and port in two words.
        string host = taken[0].Contains(':') ? $"[{taken[0].Trim('[', ']')}]" : taken[0];
        string advice = noun == "address" && Address.TryParse($"tcp://{host}:{word}", out Address? both, out _)
            ? $"try sockeye {PathOf(command)} {both}"
            : $"see sockeye {PathOf(command)} --help";
        return $"{PathOf(command)} takes one {noun}, and \"{word}\" is one more; {advice}";
    }

    private static string UnknownWord(Command command, string word)
    {
        if (command.Subcommands.Count == 0)
            return $"{PathOf(command)} does not take \"{word}\"; see sockeye {PathOf(command)} --help";
        string kind = KindOf(command);
        if (command.Name == "hub" && word.Contains("://", StringComparison.Ordinal))
            return $"the hub has its addresses behind options, --text, --udp, --unix and --web; try sockeye hub --text {word}";
        if (word.Contains("://", StringComparison.Ordinal) || word.Contains(':'))
            return $"a {kind} comes before the address \"{word}\"; {Known(command)}";
        // Of shells there are few, and no name is another one mistyped.
        string advice = kind != "shell" && NearestWord.Find(word, command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)) is { } nearest
            ? $"did you mean \"{nearest}\"?"
            : Known(command);
        return $"there is no {kind} \"{word}\"; {advice}";
    }

    private static string Known(Command command) => $"known: {string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}";

    /// <summary>Where one argument is expected, an option that nobody knows becomes it, and what was meant is left over.</summary>
    private static string? UnknownOptionTakenForAnArgument(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens)
        .Select(token => token.Value)
        .FirstOrDefault(value => value.StartsWith('-') && value.Length > 1);

    private static string WithArticle(string noun) => "aeiou".Contains(noun[0]) ? $"an {noun}" : $"a {noun}";

    private static string KindOf(Command command) => command.Name switch
    {
        "serve" => "service",
        "completion" => "shell",
        "hub" => "task",
        _ => "verb",
    };

    /// <summary>"serve upper"; the program itself is "sockeye".</summary>
    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent && parent.Parents.Any() ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static IEnumerable<string> OptionsOf(Command command)
    {
        IEnumerable<Option> inherited = Ancestors(command).SelectMany(ancestor => ancestor.Options.Where(option => option.Recursive));
        return command.Options.Concat(inherited).OrderBy(option => option is HelpOption).Select(option => option.Name).Distinct();
    }
}
