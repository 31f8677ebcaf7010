using Sockeye.Cli;
using Sockeye.Cli.Commands;

// What is asked most often is answered before anything is built: the program starts in the time of the runtime alone.
if (QuickAnswers.For(args) is { } answer)
{
    Console.Out.Write(answer);
    return ExitCodes.Done;
}

return await CommandLine.RunAsync(args, CliEnvironment.OfProcess());
