using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary>
/// What the program tells of its reactors. Always on standard error and always for people: standard output may have the events of <c>--json</c>, or what a tap shows.
/// </summary>
internal sealed class ReactorNotes
{
    /// <summary>How the lines begin.</summary>
    public const string Beginning = "note: reactors";

    /// <summary>A machine under load lets any thread rest for a second; so long only what blocks does.</summary>
    public static readonly TimeSpan HeldTime = TimeSpan.FromSeconds(5);

    private readonly CliEnvironment _environment;
    private readonly bool _isQuiet;

    /// <param name="environment">What the program has of the world.</param>
    /// <param name="isQuiet">Whether nothing is told but errors.</param>
    public ReactorNotes(CliEnvironment environment, bool isQuiet)
    {
        (_environment, _isQuiet) = (environment, isQuiet);
        Options = new LinuxNetworkOptions { OnError = e => CommandLine.Report(e, environment), OnHeld = TellHeld, HeldTime = HeldTime };
    }

    /// <summary>Those of the program's reactors.</summary>
    public LinuxNetworkOptions Options { get; }

    /// <summary>Tells what they wait in, where it is not io_uring, which is taken if it can be had.</summary>
    public void TellBackend(LinuxNetwork reactors)
    {
        if (reactors.BackendReason is { } reason)
            Tell($" on epoll: io_uring cannot be used: {reason}");
    }

    private void TellHeld(int reactor) => Tell(
        $": number {reactor + 1} of {Options.ReactorCount} has been held by one client for {Duration.Print(HeldTime)} or longer: its other clients wait until that ends; with --network host none waits for another");

    private void Tell(string note)
    {
        if (!_isQuiet)
            CommandLine.Tell(_environment.Error, Beginning + note);
    }
}
