using System.Buffers;

namespace Sockeye;

/// <summary>What a sequence diagram keeps of one conversation.</summary>
internal sealed class SequenceState(FrameCodec<ReadOnlySequence<byte>>? codec)
{
    private readonly DirectionView _fromClient = new(codec);
    private readonly DirectionView _fromServer = new(codec);
    private bool _clientReset;
    private bool _serverReset;

    /// <summary>When its last row was drawn.</summary>
    public DateTimeOffset? LastAt { get; set; }

    public bool IsDrawn { get; set; }

    public DirectionView Of(bool fromClient) => fromClient ? _fromClient : _fromServer;

    /// <summary>Whether a reset is to be drawn: each direction's once.</summary>
    public bool SaysReset(bool fromClient)
    {
        bool says = fromClient ? !_clientReset : !_serverReset;
        if (fromClient)
            _clientReset = true;
        else
            _serverReset = true;
        return says;
    }
}
