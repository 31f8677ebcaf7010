using Sockeye.Eye.Masking.WebSockets;

namespace Sockeye.Eye.Masking;

/// <summary>
/// Makes what a conversation says fit to be kept: secrets are masked, and what a WebSocket's client XORs (RFC 6455, 5.3) is unmasked before, as nothing can be told of it else. What may be
/// a WebSocket's and cannot be followed is masked whole.
/// </summary>
/// <param name="isStream">Whether its bytes follow each other; datagrams are looked at one at a time.</param>
/// <param name="showsSecrets">Whether nothing is masked.</param>
internal sealed class ConversationMasks(bool isStream, bool showsSecrets)
{
    private readonly SecretMask?[] _masks = new SecretMask?[4];
    private readonly long[] _ends = new long[4];

    /// <summary>The same by direction, wherever it was seen.</summary>
    private readonly long[] _said = new long[2];
    private readonly WebSocketMasks _frames = new(showsSecrets);

    /// <summary>Takes what was said, and changes it in place.</summary>
    /// <param name="fromClient">Who said it.</param>
    /// <param name="atSource">Where it was seen.</param>
    /// <param name="offset">How many bytes of its direction came before it.</param>
    /// <param name="data">Not empty.</param>
    /// <returns>How many bytes are masked; which are unmasked.</returns>
    public (int Masked, XorRange[] Unmasked) Apply(bool fromClient, bool atSource, long offset, Span<byte> data)
    {
        if (!isStream)
            return (Mask(new SecretMask(fromClient), data), []);
        int way = (fromClient ? 2 : 0) + (atSource ? 1 : 0);
        SecretMask mask = _masks[way] ??= new SecretMask(fromClient);
        ref long said = ref _said[fromClient ? 1 : 0];
        if (offset != _ends[way])
            mask.Miss();
        if (offset != said)
            _frames.Miss(fromClient);
        said = _ends[way] = offset + data.Length;
        if (fromClient)
            return ApplyToClient(mask, data);
        _frames.Answer(data);
        return (Mask(mask, data), []);
    }

    private (int Masked, XorRange[] Unmasked) ApplyToClient(SecretMask mask, Span<byte> data)
    {
        int plain = _frames.Ask(data);
        int masked = Mask(mask, data[..plain]);
        if (plain == data.Length)
            return (masked, []);

        // Should HTTP go on after all, it does behind what this mask has not seen.
        mask.Miss();
        List<XorRange> unmasked = [];
        masked += _frames.Apply(data, plain, unmasked);
        return (masked, [.. unmasked]);
    }

    private int Mask(SecretMask mask, Span<byte> data) => showsSecrets ? 0 : mask.Apply(data);
}
