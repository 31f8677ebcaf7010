using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli;

/// <summary>Says what went wrong when there is not even an output to say it on: it is closed or full, or there are no descriptors left for it.</summary>
internal static class LastResort
{
    /// <summary>Writes one line to standard error, if that is possible; the exit code.</summary>
    public static int Tell(Exception error) => Tell(Explain(error));

    /// <inheritdoc cref="Tell(Exception)"/>
    public static int Tell(string message)
    {
        try
        {
            // Not Console.Error, which takes a descriptor of its own.
            StandardStream.Error().Write(Encoding.UTF8.GetBytes($"sockeye: {message}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The exit code still tells.
        }

        return ExitCodes.NetworkFailed;
    }

    /// <summary>A part of .NET that is not found is there all the same: opening it failed.</summary>
    private static string Explain(Exception error) => error is FileNotFoundException
        ? "cannot load all of .NET; too many descriptors may be open: raise the limit with 'ulimit -n'"
        : Sentences.Continue(error.Message.ReplaceLineEndings(" "));
}
