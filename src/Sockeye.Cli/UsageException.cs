namespace Sockeye.Cli;

/// <summary>The program was called wrongly; the message says how, in one sentence without its full stop, and what to try.</summary>
internal sealed class UsageException(string message) : Exception(message);
