using System.Buffers;

namespace Sockeye;

/// <summary>What a view keeps of one conversation.</summary>
internal class ConversationState(FrameCodec<ReadOnlySequence<byte>>? codec)
{
    private readonly DirectionView _fromClient = new(codec);
    private readonly DirectionView _fromServer = new(codec);
    private readonly HashSet<(bool, bool)> _resets = [];

    public DirectionView Of(bool fromClient) => fromClient ? _fromClient : _fromServer;

    /// <summary>Whether a reset is to be told of: each place once.</summary>
    public bool Says(ConversationEvent reset) => _resets.Add((reset.FromClient, reset.AtSource));

    /// <summary>The same where only the direction counts.</summary>
    public bool SaysReset(bool fromClient) => _resets.Add((fromClient, false));
}
