namespace Sockeye.Repository.Tests.Launching;

internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
