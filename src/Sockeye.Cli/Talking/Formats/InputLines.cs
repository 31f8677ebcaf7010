using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Takes lines off the front of an input, and counts them. The last may lack its end.</summary>
/// <param name="lengthMax">The longest line, in bytes without its LF.</param>
internal sealed class InputLines(long lengthMax)
{
    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its LF; false when it is not all there.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, bool isLast, out ReadOnlySequence<byte> line)
    {
        SequencePosition? end = input.PositionOf((byte)'\n');
        line = end is { } found ? input.Slice(0, found) : input;
        if (line.Length > lengthMax)
            throw new InvalidDataException($"line {Number + 1} of the input is longer than {lengthMax} bytes");
        if (end is null && (!isLast || input.IsEmpty))
            return false;
        input = end is { } position ? input.Slice(input.GetPosition(1, position)) : input.Slice(input.End);
        Number++;
        return true;
    }
}
