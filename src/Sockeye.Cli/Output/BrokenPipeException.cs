namespace Sockeye.Cli.Output;

/// <summary>Whoever read the output has gone: <c>| head</c> has seen enough.</summary>
internal sealed class BrokenPipeException() : IOException("nobody reads the output any more");
