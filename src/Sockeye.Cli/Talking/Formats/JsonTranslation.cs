using System.Buffers;
using System.Text;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>What comes as events, one JSON object a line: nothing is left out, and no character is cut in two.</summary>
/// <param name="write">Writes one event.</param>
internal sealed class JsonTranslation(Action<ReadOnlySequence<byte>, IBufferWriter<byte>> write) : Translation
{
    /// <summary>The most bytes in one object.</summary>
    public const int PieceBytesMax = 64 * 1024;

    private const int CharacterBytesMax = 4;

    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        byte[] piece = input.Slice(0, Math.Min(input.Length, PieceBytesMax)).ToArray();
        int length = isLast && piece.Length == input.Length ? piece.Length : piece.Length - OpenCharacter(piece);
        if (length == 0)
            return input.Start;
        write(input.Slice(0, length), output);
        return input.GetPosition(length);
    }

    /// <summary>How many bytes at the end begin a character that is not all there.</summary>
    private static int OpenCharacter(ReadOnlySpan<byte> bytes)
    {
        for (int tail = 1; tail < CharacterBytesMax && tail <= bytes.Length; tail++)
        {
            if (Rune.DecodeFromUtf8(bytes[^tail..], out _, out _) == OperationStatus.NeedMoreData)
                return tail;
        }

        return 0;
    }
}
