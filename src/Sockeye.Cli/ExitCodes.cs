namespace Sockeye.Cli;

/// <summary>What the program says when it ends. The same for every verb.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The network failed, or the verb has found what it looks for: a difference, a problem.</summary>
    public const int NetworkFailed = 1;

    /// <summary>Of the command line, or of a file that it names: nothing was tried.</summary>
    public const int WrongUsage = 2;

    /// <summary>TLS failed, or the peer is not to be trusted.</summary>
    public const int Trust = 3;

    public const int TimedOut = 4;

    /// <summary>The peer reset the connection in mid-stream.</summary>
    public const int Reset = 5;

    public const int Interrupted = 130;
}
