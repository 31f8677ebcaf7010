using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>A conversation that a recorder keeps.</summary>
internal sealed class EyeTalk(EyeRecorder recorder, long number) : ITalk
{
    public DateTimeOffset StartedAt => recorder.StartedAt;

    public string FileName => $"sockeye-{number}";

    public EyeEvent[]? Events() => recorder.Memory.Look(number, static conversation => conversation.Events.ToArray());

    public EyeRecording? Record() => recorder.Memory.Look(number, static conversation => conversation.Record());

    public EyePlot? Plot() => recorder.Memory.Look(number, static conversation => conversation.Samples.Plot());
}
