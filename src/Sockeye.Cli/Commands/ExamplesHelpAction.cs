using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sockeye.Cli.Commands;

/// <summary>The usual help, and then the command's examples.</summary>
internal sealed class ExamplesHelpAction(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in Examples.Of(parseResult.CommandResult.Command))
            output.WriteLine($"  {example}");
        return exitCode;
    }
}
