using System.ComponentModel;
using Sockeye.Cli;
using Sockeye.Cli.Commands;

try
{
    // What is asked most often is answered before anything is built: the program starts in the time of the runtime alone.
    if (QuickAnswers.For(args) is not { } answer)
        return await CommandLine.RunAsync(args, CliEnvironment.OfProcess());
    Console.Out.Write(answer);
    return ExitCodes.Done;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
{
    return LastResort.Tell(e);
}
