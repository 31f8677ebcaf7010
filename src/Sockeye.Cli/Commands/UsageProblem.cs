using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Sockeye.Cli.Commands;

/// <summary>What is wrong with a command line, in one sentence that names the nearest right word.</summary>
internal static class UsageProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? Find(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.Action is ExamplesHelpAction)
            return parsed.UnmatchedTokens is [{ } what, ..] && !what.StartsWith('-') && command.Subcommands.Count > 0 ? UnknownWord(command, what) : null;
        if (parsed.UnmatchedTokens.Count > 0 && UnknownOptionTakenForAnArgument(parsed) is { } option)
            return UnknownOption(command, option);
        if (parsed.UnmatchedTokens is [{ } word, ..])
            return word.StartsWith('-') && word.Length > 1 ? UnknownOption(command, word) : UnknownWord(command, word);
        if (parsed.Errors is not [{ } error, ..])
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
        string advice = SiblingsWith(name, command) is { Length: > 0 } others ? $"{others} has it"
            : NearestWord.Find(name, known) is { } nearest ? $"did you mean {nearest}?"
            : $"it has {string.Join(", ", known)}";
        return $"{PathOf(command)} has no option \"{name}\"; {advice}";
    }

    /// <summary>The other services that have an option of this very name.</summary>
    private static string SiblingsWith(string name, Command command) => string.Join(" or ", command.Parents.OfType<Command>()
        .SelectMany(parent => parent.Subcommands)
        .Where(sibling => sibling != command && sibling.Options.Any(option => option.Name == name))
        .Select(sibling => sibling.Name));

    private static string UnknownWord(Command command, string word)
    {
        if (command.Subcommands.Count == 0)
            return $"{PathOf(command)} does not take \"{word}\"; see sockeye {PathOf(command)} --help";
        string kind = KindOf(command);
        if (word.Contains("://", StringComparison.Ordinal) || word.Contains(':'))
            return $"a {kind} comes before the address \"{word}\"; {Known(command)}";
        string advice = NearestWord.Find(word, command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)) is { } nearest
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
        _ => "verb",
    };

    /// <summary>"serve upper"; the program itself is "sockeye".</summary>
    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent && parent.Parents.Any() ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static IEnumerable<string> OptionsOf(Command command)
    {
        IEnumerable<Option> inherited = command.Parents.OfType<Command>()
            .SelectMany(parent => parent.Parents.OfType<Command>().Append(parent))
            .SelectMany(ancestor => ancestor.Options.Where(option => option.Recursive));
        return command.Options.Concat(inherited).OrderBy(option => option is HelpOption).Select(option => option.Name).Distinct();
    }
}
