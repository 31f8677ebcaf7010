using System.ComponentModel;
using System.Text;
using Sockeye.Cli;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Output;

try
{
    TerminalWidth.Prepare();

    // What is asked most often is answered before anything is built: the program starts in the time of the runtime alone.
    if (QuickAnswers.For(args) is { } answer)
    {
        using Stream output = StandardStream.Output();
        output.Write(Encoding.UTF8.GetBytes(answer));
        return ExitCodes.Done;
    }

    return DescriptorCheck.FindProblem() is { } problem ? LastResort.Tell(problem) : await CommandLine.RunAsync(args, CliEnvironment.OfProcess());
}
catch (BrokenPipeException)
{
    // Whoever read it had enough, as in "| head".
    return ExitCodes.Done;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
{
    return LastResort.Tell(e);
}
