namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>What a WebSocket's client says, unmasked (RFC 6455, 5.3), and then the secrets in it masked. What may be its frames and cannot be read as such is masked whole.</summary>
/// <param name="showsSecrets">Whether nothing is masked.</param>
internal sealed class WebSocketMasks(bool showsSecrets)
{
    private readonly WebSocketUpgrade _upgrade = new();
    private FramePieces? _pieces;
    private MessageMasks? _messages;

    /// <summary>Whether frames were missed, or what came was none.</summary>
    private bool _isLost;

    /// <summary>What the client says.</summary>
    /// <returns>How many of its first bytes are none of a WebSocket's.</returns>
    public int Ask(ReadOnlySpan<byte> data) => _upgrade.Ask(data);

    /// <summary>What the server says.</summary>
    public void Answer(ReadOnlySpan<byte> data)
    {
        _upgrade.Answer(data);
        if (_upgrade.Phase == UpgradePhase.Plain)
            (_pieces, _isLost) = (null, false);
    }

    /// <summary>Bytes were missed.</summary>
    public void Miss(bool fromClient)
    {
        _upgrade.Miss(fromClient);
        if (_upgrade.Phase == UpgradePhase.Unknown)
            (_pieces, _isLost) = (null, false);
        else
            _isLost |= fromClient;
    }

    /// <summary>Unmasks frames in place, and masks the secrets in them.</summary>
    /// <param name="data">What the client said.</param>
    /// <param name="start">Where frames begin in it.</param>
    /// <param name="unmasked">Is given what was unmasked.</param>
    /// <returns>How many bytes are masked.</returns>
    public int Apply(Span<byte> data, int start, List<XorRange> unmasked)
    {
        bool isAgreed = _upgrade.Phase == UpgradePhase.WebSocket;
        int masked = 0;
        int at = start;
        while (at < data.Length && TryTake(data[at..], out FramePiece piece))
        {
            masked += isAgreed ? Show(piece, data, at, unmasked) : 0;
            at += piece.Length;
        }

        // What came before the answer is frames, or a request after all; what is no frame can be anything.
        return masked + Hide(data[(isAgreed ? at : start)..]);
    }

    private bool TryTake(ReadOnlySpan<byte> data, out FramePiece piece)
    {
        piece = default;
        if (_isLost || _upgrade.Phase == UpgradePhase.Unknown)
            return false;
        _pieces ??= new FramePieces(isExtended: _upgrade.Phase == UpgradePhase.Asked || _upgrade.IsExtended);
        _isLost = !_pieces.TryTake(data, out piece);
        return !_isLost;
    }

    private int Show(FramePiece piece, Span<byte> data, int at, List<XorRange> unmasked)
    {
        _messages ??= new MessageMasks();
        int masked = 0;
        if (piece.IsPayload)
        {
            if (piece.Key != 0)
            {
                XorRange range = new(at, piece.Length, piece.Key);
                range.Apply(data);
                unmasked.Add(range);
            }

            masked = showsSecrets ? 0 : _messages.Apply(piece, data.Slice(at, piece.Length));
        }

        if (piece.EndsMessage)
            _messages.End(piece);
        return masked;
    }

    private int Hide(Span<byte> data)
    {
        if (showsSecrets)
            return 0;
        data.Fill(SecretMask.Mask);
        return data.Length;
    }
}
