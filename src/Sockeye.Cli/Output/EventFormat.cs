namespace Sockeye.Cli.Output;

/// <summary>Makes a line, without its end, of an event.</summary>
internal abstract class EventFormat
{
    public abstract string Format(CliEvent happened);
}
