using System.CommandLine;

namespace Sockeye.Cli.Commands;

/// <summary>Help asked for with a word, as in <c>sockeye help serve</c> or <c>sockeye serve help</c>: the same as <c>--help</c>.</summary>
internal static class HelpWord
{
    private const string Word = "help";

    /// <summary>The arguments with the word turned into the option. Only where a verb or a service could stand: elsewhere it is a value.</summary>
    public static string[] Replace(Command root, string[] arguments)
    {
        Command? command = root;
        for (int i = 0; i < arguments.Length && command is { Subcommands.Count: > 0 }; i++)
        {
            if (arguments[i] == Word)
                return [.. arguments[..i], .. arguments[(i + 1)..], "--help"];
            command = command.Subcommands.FirstOrDefault(sub => sub.Name == arguments[i]);
        }

        return arguments;
    }
}
