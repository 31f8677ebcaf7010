using System.CommandLine;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Completion;

/// <summary>What may stand next on a command line: verbs, services, options, values, addresses. A shell asks on every press of Tab.</summary>
internal static class CompletionWords
{
    /// <summary>The words that may take the place of the last of <paramref name="words"/>, sorted.</summary>
    /// <param name="root">The program's command.</param>
    /// <param name="words">The words behind the program's name; the last is being typed and may be empty.</param>
    public static IReadOnlyList<string> Find(Command root, IReadOnlyList<string> words)
    {
        string typed = words.Count == 0 ? "" : words[^1];
        (Command command, Option? awaiting) = Walk(root, words.Take(words.Count - 1));
        IEnumerable<string> candidates = awaiting is not null ? awaiting.Name == FramesOption.Name ? FrameWords.Find(typed) : awaiting.CompletionValues()
            : typed.StartsWith('-') ? Options(command, words)
            : command.Subcommands.Count > 0 ? command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)
            : AddressWords.Find(typed).Where(_ => TakesAddress(command)).Concat(command.Arguments.SelectMany(argument => argument.CompletionValues()));
        return [.. candidates.Where(word => word.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The command that the words lead to, and the option that waits for its value.</summary>
    private static (Command Command, Option? Awaiting) Walk(Command command, IEnumerable<string> words)
    {
        Option? awaiting = null;
        foreach (string word in words)
        {
            if (awaiting is not null)
                awaiting = null;
            else if (word.StartsWith('-'))
                awaiting = InScope(command).FirstOrDefault(option => option.Name == word && option.Arity.MinimumNumberOfValues > 0);
            else if (command.Subcommands.FirstOrDefault(sub => sub.Name == word) is { } sub)
                command = sub;
        }

        return (command, awaiting);
    }

    private static IEnumerable<string> Options(Command command, IReadOnlyList<string> words) =>
        InScope(command).Select(option => option.Name).Except(words.Take(words.Count - 1));

    /// <summary>Its own options, and those that commands above hand down.</summary>
    private static IEnumerable<Option> InScope(Command command) => command.Options.Concat(Above(command).SelectMany(above => above.Options.Where(option => option.Recursive)))
        .Where(option => !option.Hidden);

    private static IEnumerable<Command> Above(Command command)
    {
        for (Command? above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
            yield return above;
    }

    private static bool TakesAddress(Command command) => command.Arguments.Any(argument => argument.Name is "ADDRESS" or "FROM" or "TO");

    /// <summary>The values that were named where the option or argument was declared.</summary>
    private static IEnumerable<string> CompletionValues(this Symbol symbol)
    {
        List<Func<System.CommandLine.Completions.CompletionContext, IEnumerable<System.CommandLine.Completions.CompletionItem>>> sources = symbol switch
        {
            Option option => option.CompletionSources,
            Argument argument => argument.CompletionSources,
            _ => [],
        };
        return sources.SelectMany(source => source(System.CommandLine.Completions.CompletionContext.Empty)).Select(item => item.Label);
    }
}
