using Sockeye.Cli.Doctor;

namespace Sockeye.Cli.Tests.Doctor;

/// <summary>A way to break a machine, and what a check says then.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Break">What happens to the machine.</param>
/// <param name="Severity">How bad that is.</param>
/// <param name="Message">A part of what is said.</param>
internal sealed record Breakage(string Check, Action<FakeMachine> Break, Severity Severity, string Message);
