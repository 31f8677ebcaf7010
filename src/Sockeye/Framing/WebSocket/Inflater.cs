using System.Net.WebSockets;

namespace Sockeye;

/// <summary>
/// Decompresses DEFLATE (RFC 1951) as permessage-deflate uses it: bytes in, bytes out, stopping wherever either ends.
/// </summary>
/// <remarks>
/// Why not the platform's: a message may end a DEFLATE stream and the next go on with its window (RFC 7692, section 7.2.3.4), a distance must not
/// reach out of the window agreed on, and what a compressed message may cost has to be counted as it comes out. Its memory is that window.
/// </remarks>
internal sealed class Inflater(int windowBits)
{
    private const int LiteralSymbols = 288;
    private const int DistanceSymbols = 32;
    private const int LengthSymbols = 19;
    private const int LiteralCountMax = 286;
    private const int EndOfBlock = 256;
    private const int FirstLength = 257;
    private const int LengthSymbolMax = 285;
    private const int DistanceSymbolMax = 29;
    private const int CopyPrevious = 16;
    private const int ZerosLong = 18;
    private const int BitsPerByte = 8;
    private const int BitsMax = 64;

    private static readonly HuffmanTable FixedLiterals = MakeFixedLiterals();
    private static readonly HuffmanTable FixedDistances = MakeFixedDistances();

    private readonly int _windowSize = 1 << windowBits;
    private readonly byte[] _lengths = new byte[LiteralSymbols + DistanceSymbols];
    private byte[]? _window;
    private HuffmanTable? _dynamicLiterals;
    private HuffmanTable? _dynamicDistances;
    private HuffmanTable? _codeLengths;
    private HuffmanTable _literals = FixedLiterals;
    private HuffmanTable _distances = FixedDistances;
    private State _state;
    private ulong _bits;
    private int _bitCount;
    private int _position;
    private int _history;
    private bool _isLastBlock;
    private int _left;
    private int _distance;
    private int _literalCount;
    private int _distanceCount;
    private int _codeLengthCount;
    private int _index;

    private enum State
    {
        BlockHeader,
        StoredLength,
        Stored,
        Counts,
        CodeLengthLengths,
        CodeLengths,
        Symbols,
        Match,
    }

    /// <summary>Section 3.2.5: the shortest length of each code from 257, and the bits that follow it.</summary>
    private static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtra => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    private static ReadOnlySpan<byte> DistanceExtra =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>Section 3.2.7: the order in which the lengths of the code length codes come.</summary>
    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Whether everything that was put in has come out, and the next bit begins a block.</summary>
    public bool IsBetweenBlocks => _state == State.BlockHeader && _bitCount == 0;

    /// <summary>Decompresses until the output is full or the input is used up.</summary>
    /// <param name="input">What was used is sliced off: all of it, unless the output is full.</param>
    /// <param name="output">Where to.</param>
    /// <param name="written">How many bytes came out.</param>
    /// <exception cref="WebSocketFailure">It is no DEFLATE data, or reaches behind the window.</exception>
    public void Inflate(ref ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        _window ??= new byte[_windowSize];
        written = 0;
        while (true)
        {
            Refill(ref input);
            if (!Step(output, ref written) && (written == output.Length || input.IsEmpty))
                return;
        }
    }

    /// <summary>Forgets what came before: the next message refers to nothing of it.</summary>
    public void Forget() => _history = 0;

    private static WebSocketFailure Bad(string what) =>
        new(WebSocketCloseStatus.InvalidPayloadData, $"A compressed message is no DEFLATE data: {what} (RFC 1951).");

    private static HuffmanTable MakeFixedLiterals()
    {
        // Section 3.2.6.
        Span<byte> lengths = stackalloc byte[LiteralSymbols];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        HuffmanTable table = new(LiteralSymbols);
        table.Build(lengths);
        return table;
    }

    private static HuffmanTable MakeFixedDistances()
    {
        Span<byte> lengths = stackalloc byte[DistanceSymbols];
        lengths.Fill(5);
        HuffmanTable table = new(DistanceSymbols);
        table.Build(lengths);
        return table;
    }

    /// <summary>One step of the state machine; false when it needs more input or more room.</summary>
    private bool Step(Span<byte> output, ref int written) => _state switch
    {
        State.BlockHeader => ReadBlockHeader(),
        State.StoredLength => ReadStoredLength(),
        State.Stored => CopyStored(output, ref written),
        State.Counts => ReadCounts(),
        State.CodeLengthLengths => ReadCodeLengthLengths(),
        State.CodeLengths => ReadCodeLengths(),
        State.Symbols => ReadSymbols(output, ref written),
        _ => CopyMatch(output, ref written),
    };

    private bool ReadBlockHeader()
    {
        const int HeaderBits = 3;
        if (_bitCount < HeaderBits)
            return false;
        _isLastBlock = Take(1) != 0;
        switch (Take(2))
        {
            case 0:
                Align();
                _state = State.StoredLength;
                break;
            case 1:
                (_literals, _distances) = (FixedLiterals, FixedDistances);
                _state = State.Symbols;
                break;
            case 2:
                _state = State.Counts;
                break;
            default:
                throw Bad("a block of the reserved type");
        }

        return true;
    }

    private bool ReadStoredLength()
    {
        const int Bits = 16;
        if (_bitCount < 2 * Bits)
            return false;
        int length = Take(Bits);
        if (length != (~Take(Bits) & ushort.MaxValue))
            throw Bad("a stored block whose length and its complement differ");
        _left = length;
        _state = State.Stored;
        return true;
    }

    private bool CopyStored(Span<byte> output, ref int written)
    {
        while (_left > 0 && _bitCount >= BitsPerByte && written < output.Length)
        {
            Emit((byte)Take(BitsPerByte), output, ref written);
            _left--;
        }

        if (_left > 0)
            return false;
        EndBlock();
        return true;
    }

    private bool ReadCounts()
    {
        const int Bits = 14;
        if (_bitCount < Bits)
            return false;
        _literalCount = Take(5) + FirstLength;
        _distanceCount = Take(5) + 1;
        _codeLengthCount = Take(4) + 4;
        if (_literalCount > LiteralCountMax || _distanceCount > DistanceSymbolMax + 1)
            throw Bad("more symbols than there are");
        Array.Clear(_lengths);
        _index = 0;
        _state = State.CodeLengthLengths;
        return true;
    }

    private bool ReadCodeLengthLengths()
    {
        const int Bits = 3;
        for (; _index < _codeLengthCount; _index++)
        {
            if (_bitCount < Bits)
                return false;
            _lengths[CodeLengthOrder[_index]] = (byte)Take(Bits);
        }

        _codeLengths ??= new HuffmanTable(LengthSymbols);
        if (!_codeLengths.Build(_lengths.AsSpan(0, LengthSymbols)))
            throw Bad("code lengths that make no code");
        Array.Clear(_lengths);
        _index = 0;
        _state = State.CodeLengths;
        return true;
    }

    private bool ReadCodeLengths()
    {
        int count = _literalCount + _distanceCount;
        while (_index < count)
        {
            int symbol = _codeLengths!.Decode(_bits, _bitCount, out int length);
            if (length < 0)
                throw Bad("a code length of no symbol");
            (int extra, int least) = symbol switch { < CopyPrevious => (0, 1), CopyPrevious => (2, 3), < ZerosLong => (3, 3), _ => (7, 11) };
            if (length == 0 || _bitCount < length + extra)
                return false;
            Take(length);
            int times = least + Take(extra);
            if ((symbol == CopyPrevious && _index == 0) || _index + times > count)
                throw Bad("code lengths that repeat beyond their range");
            byte value = symbol < CopyPrevious ? (byte)symbol : symbol == CopyPrevious ? _lengths[_index - 1] : (byte)0;
            _lengths.AsSpan(_index, times).Fill(value);
            _index += times;
        }

        if (_lengths[EndOfBlock] == 0)
            throw Bad("a block that cannot end");
        _dynamicLiterals ??= new HuffmanTable(LiteralSymbols);
        _dynamicDistances ??= new HuffmanTable(DistanceSymbols);
        if (!_dynamicLiterals.Build(_lengths.AsSpan(0, _literalCount)) || !_dynamicDistances.Build(_lengths.AsSpan(_literalCount, _distanceCount)))
            throw Bad("code lengths that make no code");
        (_literals, _distances) = (_dynamicLiterals, _dynamicDistances);
        _state = State.Symbols;
        return true;
    }

    /// <summary>Literals, up to a match, the block's end, or as far as input and room go.</summary>
    private bool ReadSymbols(Span<byte> output, ref int written)
    {
        while (written < output.Length)
        {
            int symbol = _literals.Decode(_bits, _bitCount, out int length);
            if (length <= 0)
                return length == 0 ? false : throw Bad("a code of no symbol");
            if (symbol < EndOfBlock)
            {
                Take(length);
                Emit((byte)symbol, output, ref written);
                continue;
            }

            if (symbol != EndOfBlock)
                return ReadMatch(symbol, length);
            Take(length);
            EndBlock();
            return true;
        }

        return false;
    }

    /// <summary>A length and its distance together, or nothing of them yet.</summary>
    private bool ReadMatch(int symbol, int symbolLength)
    {
        if (symbol > LengthSymbolMax)
            throw Bad("a length code that means nothing");
        int lengthExtra = LengthExtra[symbol - FirstLength];
        int before = symbolLength + lengthExtra;
        if (_bitCount < before)
            return false;
        int distanceSymbol = _distances.Decode(_bits >> before, _bitCount - before, out int distanceLength);
        if (distanceLength < 0 || distanceSymbol > DistanceSymbolMax)
            throw Bad("a distance code that means nothing");
        int distanceExtra = DistanceExtra[distanceSymbol];
        if (distanceLength == 0 || _bitCount < before + distanceLength + distanceExtra)
            return false;
        Take(symbolLength);
        _left = LengthBase[symbol - FirstLength] + Take(lengthExtra);
        Take(distanceLength);
        _distance = DistanceBase[distanceSymbol] + Take(distanceExtra);
        if (_distance > _history)
            throw Bad($"a distance of {_distance} where {_history} bytes of the window are known");
        _state = State.Match;
        return true;
    }

    private bool CopyMatch(Span<byte> output, ref int written)
    {
        int count = Math.Min(_left, output.Length - written);
        int mask = _windowSize - 1;
        for (int i = 0; i < count; i++)
            Emit(_window![(_position - _distance) & mask], output, ref written);
        _left -= count;
        if (_left > 0)
            return false;
        _state = State.Symbols;
        return true;
    }

    private void Emit(byte value, Span<byte> output, ref int written)
    {
        _window![_position] = value;
        _position = (_position + 1) & (_windowSize - 1);
        if (_history < _windowSize)
            _history++;
        output[written++] = value;
    }

    private void EndBlock()
    {
        // A last block ends a DEFLATE stream, padded to a byte; what follows begins another, with the same window (RFC 7692, 7.2.3.4).
        if (_isLastBlock)
            Align();
        _state = State.BlockHeader;
    }

    private void Refill(ref ReadOnlySpan<byte> input)
    {
        while (_bitCount <= BitsMax - BitsPerByte && !input.IsEmpty)
        {
            _bits |= (ulong)input[0] << _bitCount;
            _bitCount += BitsPerByte;
            input = input[1..];
        }
    }

    private int Take(int count)
    {
        int value = (int)(_bits & ((1UL << count) - 1));
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    private void Align() => Take(_bitCount & (BitsPerByte - 1));
}
