namespace Sockeye.Cli;

/// <summary>What the program says when it ends. The same for every verb.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int NetworkFailed = 1;
    public const int WrongUsage = 2;
    public const int TimedOut = 4;
    public const int Interrupted = 130;
}
