using System.Buffers;

namespace Sockeye.Tests.Framing;

/// <summary>Bytes in pieces, as a pipe gives them.</summary>
internal static class Sequences
{
    /// <summary>One sequence with a segment boundary at each cut; equal cuts make an empty segment.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, params IEnumerable<int> cuts) => Join(Chunks(bytes, cuts));

    public static ReadOnlySequence<byte> ByteByByte(byte[] bytes) => Split(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)));

    /// <summary>The pieces between the cuts; cuts beyond the end wrap around, so that any integers will do.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] bytes, params IEnumerable<int> cuts)
    {
        int start = 0;
        foreach (int cut in cuts.Select(cut => (int)((uint)cut % ((uint)bytes.Length + 1))).Order())
        {
            yield return bytes.AsMemory(start, cut - start);
            start = cut;
        }

        yield return bytes.AsMemory(start);
    }

    /// <summary>Every way to cut the bytes that is tested: whole, once at every point, and into single bytes.</summary>
    public static IEnumerable<int[]> EveryCut(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length + 1).Select(cut => new[] { cut })
            .Prepend([])
            .Append([.. Enumerable.Range(1, Math.Max(0, bytes.Length - 1))]);

    public static ReadOnlySequence<byte> Join(params IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            last = new Segment(chunk, last);
            first ??= last;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
