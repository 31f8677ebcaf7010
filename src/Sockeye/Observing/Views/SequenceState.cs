using System.Buffers;

namespace Sockeye;

/// <summary>What a sequence diagram keeps of one conversation besides.</summary>
internal sealed class SequenceState(FrameCodec<ReadOnlySequence<byte>>? codec) : ConversationState(codec)
{
    /// <summary>When its last row was drawn.</summary>
    public DateTimeOffset? LastAt { get; set; }

    public bool IsDrawn { get; set; }
}
