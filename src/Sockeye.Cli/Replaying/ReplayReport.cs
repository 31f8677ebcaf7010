namespace Sockeye.Cli.Replaying;

/// <summary>How what a replay finds is told: for people, or for programs.</summary>
internal abstract class ReplayReport(TextWriter output)
{
    /// <summary>The recording has this connection.</summary>
    public void Stream(Transcript transcript) => output.WriteLine(FormatStream(transcript));

    /// <summary>It listens for clients.</summary>
    public abstract void Listening(Address address);

    /// <summary>This came of it.</summary>
    public void Played(Transcript transcript, ReplayResult result) => output.WriteLine(Format(transcript, result));

    protected abstract string FormatStream(Transcript transcript);

    protected abstract string Format(Transcript transcript, ReplayResult result);
}
