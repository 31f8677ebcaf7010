namespace Sockeye.Cli;

/// <summary>How wide the terminal is that standard error goes to.</summary>
internal static class TerminalWidth
{
    private const string TermVariable = "TERM";

    /// <summary>The columns now; null when it is no terminal.</summary>
    public static int? Read() => Console.IsErrorRedirected ? null : Console.WindowWidth;

    /// <summary>The columns of standard output's terminal now; null when it is none.</summary>
    public static int? ReadOutput() => Console.IsOutputRedirected ? null : Console.WindowWidth;

    /// <summary>
    /// Lets .NET find its terminal without writing to it; to be called before anything is written. On first use of its console .NET sends the
    /// terminal's sequence for application keys (ESC [?1h ESC =), which a program that reads no keys has no business with, and leaves behind when
    /// it is killed. A dumb terminal has no such sequence.
    /// </summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsWindows() || (Console.IsOutputRedirected && Console.IsErrorRedirected))
            return;
        string? term = Environment.GetEnvironmentVariable(TermVariable);
        Environment.SetEnvironmentVariable(TermVariable, "dumb");
        try
        {
            _ = Console.WindowWidth;
        }
        catch (IOException)
        {
            // No terminal at all.
        }
        finally
        {
            Environment.SetEnvironmentVariable(TermVariable, term);
        }
    }
}
