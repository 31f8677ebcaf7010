using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sockeye.Tests.Framing;

/// <summary>Drives a codec as a reader would, and holds it to its contract on the way.</summary>
internal static class Decoding
{
    /// <summary>
    /// Feeds the chunks one after the other, then the end, and returns the frames as text (Latin-1 for bytes). The codec is told
    /// what it has searched, as by a reader.
    /// </summary>
    public static List<string> Feed<T>(FrameCodec<T> codec, params IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        List<string> frames = [];
        Feed(codec, frames, chunks);
        return frames;
    }

    /// <summary>As above, into a list that keeps what came before an exception.</summary>
    public static void Feed<T>(FrameCodec<T> codec, List<string> frames, IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        ReadOnlySequence<byte> input = default;
        long searched = 0;
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            input = Sequences.Join([.. Segments(input), chunk]);
            Take<T>(Decode, ref input, frames);
            searched = input.Length;
        }

        bool Decode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame)
        {
            bool found = codec.TryDecode(ref input, searched, out frame);
            searched = 0;
            return found;
        }

        Take<T>(codec.TryDecodeEnd, ref input, frames);
    }

    public static List<string> Feed<T>(FrameCodec<T> codec, byte[] bytes, params IEnumerable<int> cuts) => Feed(codec, Sequences.Chunks(bytes, cuts));

    /// <summary>The frames of bytes that are all there at once.</summary>
    public static List<string> Whole<T>(FrameCodec<T> codec, ReadOnlySequence<byte> input)
    {
        List<string> frames = [];
        Take<T>(codec.TryDecode, ref input, frames);
        Take<T>(codec.TryDecodeEnd, ref input, frames);
        return frames;
    }

    /// <summary>The frames must be these however the bytes are cut, both as they arrive and within one sequence.</summary>
    public static void Expect<T>(FrameCodec<T> codec, byte[] bytes, params string[] frames)
    {
        foreach (int[] cuts in Sequences.EveryCut(bytes))
        {
            Assert.Equal(frames, Feed(codec, bytes, cuts));
            Assert.Equal(frames, Whole(codec, Sequences.Split(bytes, cuts)));
        }
    }

    /// <summary>The codec must refuse these bytes however they are cut.</summary>
    public static void Refuse<TException, T>(FrameCodec<T> codec, byte[] bytes, Action<TException>? inspect = null)
        where TException : Exception
    {
        foreach (int[] cuts in Sequences.EveryCut(bytes))
        {
            inspect?.Invoke(Assert.Throws<TException>(() => Feed(codec, bytes, cuts)));
            Assert.Throws<TException>(() => Whole(codec, Sequences.Split(bytes, cuts)));
        }
    }

    /// <summary>Whether the bytes so far ask for more; an exception passes through.</summary>
    public static bool AsksForMore<T>(FrameCodec<T> codec, byte[] bytes)
    {
        ReadOnlySequence<byte> input = Sequences.ByteByByte(bytes);
        return !codec.TryDecode(ref input, out _);
    }

    public static byte[] Encode<T>(FrameCodec<T> codec, params IEnumerable<T> frames)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (T frame in frames)
            codec.Encode(frame, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Our mistake: an argument is refused, and nothing is written.</summary>
    public static void RefuseToEncode<T>(FrameCodec<T> codec, T frame)
    {
        ArrayBufferWriter<byte> output = new();
        Assert.ThrowsAny<ArgumentException>(() => codec.Encode(frame, output));
        Assert.Equal(0, output.WrittenCount);
    }

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    public static ReadOnlySequence<byte> Sequence(string text) => new(Latin1(text));

    public static string Text<T>(T frame) => frame is ReadOnlySequence<byte> bytes ? Encoding.Latin1.GetString(bytes.ToArray()) : frame!.ToString()!;

    private delegate bool Decoder<T>(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame);

    private static void Take<T>(Decoder<T> decode, ref ReadOnlySequence<byte> input, List<string> frames)
    {
        while (true)
        {
            ReadOnlySequence<byte> before = input;
            if (!decode(ref input, out T? frame))
            {
                Assert.True(input.End.Equals(before.End), "what belongs to no frame is taken off the front only");
                return;
            }

            Assert.True(input.Length < before.Length, "a frame takes at least a byte, or the reader would never end");
            Assert.True(input.End.Equals(before.End), "bytes are taken off the front only");
            frames.Add(Text(frame));
        }
    }

    private static List<ReadOnlyMemory<byte>> Segments(in ReadOnlySequence<byte> input)
    {
        List<ReadOnlyMemory<byte>> segments = [];
        foreach (ReadOnlyMemory<byte> segment in input)
            segments.Add(segment);
        return segments;
    }
}
