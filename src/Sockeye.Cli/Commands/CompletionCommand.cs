using System.CommandLine;
using Sockeye.Cli.Completion;

namespace Sockeye.Cli.Commands;

/// <summary>
/// <c>sockeye completion SHELL</c> prints what a shell needs to complete the command line; that script asks <c>sockeye complete -- WORD…</c>, so
/// it knows every verb and option that this very program has.
/// </summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh"];

    public static Command Create(CliEnvironment environment)
    {
        Command command = new("completion", "Print the script that completes sockeye's command line in a shell.");
        foreach (string shell in Shells)
        {
            Command script = new(shell, $"The script for {shell}.");
            script.SetAction(_ => environment.Output.Write(Script(shell)));
            command.Add(script.WithExamples($"source <(sockeye completion {shell})"));
        }

        return command.WithExamples("source <(sockeye completion bash)", "sockeye completion zsh >~/.zfunc/_sockeye");
    }

    /// <summary>What the scripts ask: the words that may stand in the place of the last one, a line each.</summary>
    public static Command CreateAnswer(CliEnvironment environment, Command root)
    {
        Argument<string[]> words = new("WORD") { Arity = ArgumentArity.ZeroOrMore };
        Command command = new("complete", "What may stand in the place of the last word.") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (string word in CompletionWords.Find(root, parsed.GetValue(words)!))
                environment.Output.Write(word + "\n");
        });
        return command.WithExamples("sockeye complete -- serve up");
    }

    private static string Script(string shell)
    {
        using Stream content = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"sockeye.{shell}")!;
        using StreamReader reader = new(content);
        return reader.ReadToEnd();
    }
}
