using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Sockeye.Cli.Commands;

/// <summary>Examples of a command, for its help.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> All = [];

    public static Command WithExamples(this Command command, params string[] examples)
    {
        All.Add(command, examples);
        return command;
    }

    public static IReadOnlyList<string> Of(Command command) => All.TryGetValue(command, out string[]? examples) ? examples : [];
}
