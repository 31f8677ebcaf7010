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

    /// <summary>Standard input as bytes, read on a thread of its own.</summary>
    public Func<Stream> OpenInput { get; init; } = StandardStream.Input;

    /// <summary>Standard output as bytes, written on a thread of its own. Disposing it ends it for whoever reads it.</summary>
    public Func<Stream> OpenOutput { get; init; } = StandardStream.Output;

    /// <summary>Whether somebody types.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Whether what is written is shown on a terminal, which obeys what it is shown.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether what is written to <see cref="Error"/> is shown on a terminal.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether that knows colours.</summary>
    public bool IsErrorColourTerminal { get; init; }

    public Network Network { get; init; } = Network.Host;

    /// <summary>How wide what is written to <see cref="Error"/> may be.</summary>
    public Func<int> Columns { get; init; } = () => TextFormat.ColumnsDefault;

    /// <summary>How wide what is written to <see cref="Output"/> may be.</summary>
    public Func<int> OutputColumns { get; init; } = () => ConversationViewOptions.ColumnsDefault;

    public bool IsDebugging { get; init; }

    /// <summary>Starts to listen for the wish to stop.</summary>
    public Func<StopSignals> StopSignals { get; init; } = () => new StopSignals(Environment.Exit, TimeProvider.System);

    public static CliEnvironment OfProcess() => new()
    {
        Output = OpenWriter(StandardStream.Output, () => Console.Out),
        Error = OpenWriter(StandardStream.Error, () => Console.Error),
        Columns = () => TerminalWidth.Read() ?? TextFormat.ColumnsDefault,
        OutputColumns = () => TerminalWidth.ReadOutput() ?? ConversationViewOptions.ColumnsDefault,
        IsInputTerminal = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsErrorColourTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
        IsDebugging = Environment.GetEnvironmentVariable(DebugVariable) == "1",
    };

    /// <summary>UTF-8 whatever the locale says: under LANG=C .NET would write question marks. Windows' consoles want their own writer.</summary>
    private static TextWriter OpenWriter(Func<Stream> open, Func<TextWriter> console) => OperatingSystem.IsWindows()
        ? console()
        : TextWriter.Synchronized(new StreamWriter(open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
}
