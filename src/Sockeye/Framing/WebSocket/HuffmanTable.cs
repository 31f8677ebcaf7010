namespace Sockeye;

/// <summary>A canonical Huffman code of DEFLATE (RFC 1951, section 3.2.2): short codes by a table, long ones bit by bit.</summary>
internal sealed class HuffmanTable
{
    private const int CodeLengthMax = 15;
    private const int FastBits = 10;
    private const int LengthBits = 4;
    private const int LengthMask = (1 << LengthBits) - 1;

    /// <summary>By the next bits: symbol and length of the code they begin with; 0 where it is longer or none.</summary>
    private readonly ushort[] _fast = new ushort[1 << FastBits];

    /// <summary>How many codes there are of each length.</summary>
    private readonly ushort[] _counts = new ushort[CodeLengthMax + 1];

    /// <summary>The symbols in the order of their codes.</summary>
    private readonly ushort[] _symbols;

    public HuffmanTable(int symbolsMax) => _symbols = new ushort[symbolsMax];

    /// <summary>Builds the code from the length of each symbol's; false when there is no such code.</summary>
    /// <remarks>Too few codes are allowed where there is but one, of one bit, or none: section 3.2.7.</remarks>
    public bool Build(ReadOnlySpan<byte> lengths)
    {
        Span<ushort> offsets = stackalloc ushort[CodeLengthMax + 1];
        Span<int> next = stackalloc int[CodeLengthMax + 1];
        offsets.Clear();
        next.Clear();
        Array.Clear(_counts);
        Array.Clear(_fast);
        foreach (byte length in lengths)
            _counts[length]++;
        int left = 1;
        for (int length = 1; length <= CodeLengthMax; length++)
        {
            left = (left << 1) - _counts[length];
            if (left < 0)
                return false;
        }

        int used = lengths.Length - _counts[0];
        if (left > 0 && !(used == 0 || (used == 1 && _counts[1] == 1)))
            return false;
        _counts[0] = 0;
        for (int length = 1; length < CodeLengthMax; length++)
        {
            offsets[length + 1] = (ushort)(offsets[length] + _counts[length]);
            next[length + 1] = (next[length] + _counts[length]) << 1;
        }

        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
                continue;
            _symbols[offsets[length]++] = (ushort)symbol;
            AddFast(symbol, length, next[length]++);
        }

        return true;
    }

    /// <summary>Decodes the symbol that the bits begin with.</summary>
    /// <param name="bits">The next bits, the first lowest.</param>
    /// <param name="available">How many there are.</param>
    /// <param name="length">How many it took; 0: more are needed; -1: no code begins so.</param>
    public int Decode(ulong bits, int available, out int length)
    {
        int entry = _fast[bits & ((1 << FastBits) - 1)];
        if (entry != 0)
        {
            length = entry & LengthMask;
            if (length <= available)
                return entry >> LengthBits;
            length = 0;
            return 0;
        }

        return DecodeLong(bits, available, out length);
    }

    private int DecodeLong(ulong bits, int available, out int length)
    {
        int code = 0, first = 0, index = 0;
        for (length = 1; length <= CodeLengthMax; length++)
        {
            if (length > available)
            {
                length = 0;
                return 0;
            }

            code |= (int)(bits & 1);
            bits >>= 1;
            int count = _counts[length];
            if (code - count < first)
                return _symbols[index + code - first];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        length = -1;
        return 0;
    }

    private void AddFast(int symbol, int length, int code)
    {
        if (length > FastBits)
            return;
        int reversed = 0;
        for (int i = 0; i < length; i++)
            reversed |= ((code >> i) & 1) << (length - 1 - i);
        for (int at = reversed; at < _fast.Length; at += 1 << length)
            _fast[at] = (ushort)((symbol << LengthBits) | length);
    }
}
