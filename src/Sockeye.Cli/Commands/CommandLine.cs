using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary>Reads the command line, runs the verb, and says in one line what went wrong.</summary>
internal static class CommandLine
{
    // No @file: abstract socket names may begin so. No -abc for -a -b -c: there are no options of one letter to bundle.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    [SuppressMessage("Design", "CA1031", Justification = "The last resort: whatever it is, it is said in one line.")]
    public static async Task<int> RunAsync(string[] arguments, CliEnvironment environment)
    {
        try
        {
            Command root = CommandTree.Create(environment);
            ParseResult parsed = root.Parse(HelpWord.Replace(root, arguments), Parsing);
            if (UsageProblem.Find(parsed, arguments) is { } problem)
                throw new UsageException(problem);
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = environment.Output,
                Error = environment.Error,
            });
        }
        catch (BrokenPipeException)
        {
            // Whoever read it had enough, as in "| head".
            return ExitCodes.Done;
        }
        catch (Exception error)
        {
            Report(error, environment);
            return ExitCodeOf(error);
        }
    }

    /// <summary>Tells of a failure in one line; of where it was too, if that is asked for.</summary>
    public static void Report(Exception error, CliEnvironment environment)
    {
        Tell(environment.Error, $"sockeye: {OneLine(Explain(error).Message)}");
        if (environment.IsDebugging)
            Tell(environment.Error, $"{error}");
    }

    /// <summary>Writes a line, if it can be: when nobody can be told, the exit code still tells.</summary>
    public static void Tell(TextWriter output, string line)
    {
        try
        {
            output.WriteLine(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Closed, or its disk is full.
        }
    }

    /// <summary>What the program ends with when a verb fails so.</summary>
    public static int ExitCodeOf(Exception error) => Explain(error).ExitCode;

    private static (int ExitCode, string Message) Explain(Exception error) => error switch
    {
        ProgramException program => (program.ExitCode, program.Message),
        UsageException or NotSupportedException => (ExitCodes.WrongUsage, error.Message),
        SocketTimeoutException => (ExitCodes.TimedOut, error.Message),
        TlsException => (ExitCodes.Trust, error.Message),
        TruncatedStreamException or SocketException { SocketErrorCode: SocketError.ConnectionReset } => (ExitCodes.Reset, error.Message),
        IOException { InnerException: SocketException or ProtocolException } => Explain(error.InnerException),
        SocketException or ProtocolException or IOException or UnauthorizedAccessException => (ExitCodes.NetworkFailed, error.Message),
        OperationCanceledException => (ExitCodes.Interrupted, "interrupted"),
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        _ => (ExitCodes.NetworkFailed, $"a fault in sockeye itself: {error.GetType().Name}: {error.Message}; {CliEnvironment.DebugVariable}=1 shows where"),
    };

    private static string OneLine(string message)
    {
        string line = Sentences.Continue(EscapedText.EscapeSentence(message.ReplaceLineEndings(" ")));
        return line.EndsWith('.') ? line[..^1] : line;
    }
}
