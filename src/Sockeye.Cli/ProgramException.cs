namespace Sockeye.Cli;

/// <summary>The program ends with an exit code of its own, and one sentence, without its full stop, that says why.</summary>
internal sealed class ProgramException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
