using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli;

/// <summary>What the program has of the world: tests give it another.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Set to 1, failures are shown with their stack trace.</summary>
    public const string DebugVariable = "SOCKEYE_DEBUG";

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public Network Network { get; init; } = Network.Host;

    /// <summary>How wide what is written to <see cref="Error"/> may be.</summary>
    public Func<int> Columns { get; init; } = () => TextFormat.ColumnsDefault;

    public bool IsDebugging { get; init; }

    /// <summary>Starts to listen for the wish to stop.</summary>
    public Func<StopSignals> StopSignals { get; init; } = () => new StopSignals(Environment.Exit, TimeProvider.System);

    public static CliEnvironment OfProcess() => new()
    {
        Output = OpenWriter(Console.OpenStandardOutput, () => Console.Out),
        Error = OpenWriter(Console.OpenStandardError, () => Console.Error),
        Columns = () => TerminalWidth.Read() ?? TextFormat.ColumnsDefault,
        IsDebugging = Environment.GetEnvironmentVariable(DebugVariable) == "1",
    };

    /// <summary>UTF-8 whatever the locale says: under LANG=C .NET would write question marks. Windows' consoles want their own writer.</summary>
    private static TextWriter OpenWriter(Func<Stream> open, Func<TextWriter> console) => OperatingSystem.IsWindows()
        ? console()
        : TextWriter.Synchronized(new StreamWriter(open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
}
