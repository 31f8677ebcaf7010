using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>Reads codecs from text. Each method returns null, or what is wrong with the text.</summary>
internal static class CodecParser
{
    private static readonly string[] Words =
    [
        CodecText.Lines, CodecText.CrLf, CodecText.Delimiter, CodecText.Fixed, CodecText.Length,
        CodecText.Varint, CodecText.Netstring, CodecText.Slip, CodecText.Cobs, CodecText.JsonLines, CodecText.Resp, CodecText.Http,
    ];

    public static string? Read(string text, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        string[] parts = text.Split(CodecText.Separator);
        string? problem = parts[0] switch
        {
            CodecText.Lines => ReadLimited(parts, Codecs.DefaultMaxLineSize, max => Codecs.LineBytes(max), out codec),
            CodecText.CrLf => ReadLimited(parts, Codecs.DefaultMaxLineSize, max => Codecs.LineBytes(max, LineEnding.CrLf), out codec),
            CodecText.Varint => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.VarintPrefixed, out codec),
            CodecText.Netstring => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.Netstring, out codec),
            CodecText.Slip => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.Slip, out codec),
            CodecText.Cobs => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.Cobs, out codec),
            CodecText.JsonLines => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.JsonLines, out codec),
            CodecText.Resp => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.Resp, out codec),
            CodecText.Http => ReadLimited(parts, Codecs.DefaultMaxFrameSize, Codecs.Http, out codec),
            CodecText.Delimiter => ReadDelimited(parts, out codec),
            CodecText.Fixed => ReadFixed(parts, out codec),
            CodecText.Length => ReadLength(parts, out codec),
            _ => Unknown(parts[0], out codec),
        };
        return problem is null ? null : $"{Display.Quote(text)} is no codec: {problem}{(problem[^1] == '?' ? "" : ".")}";
    }

    private static string? Unknown(string word, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        codec = null;
        return word.Length == 0 ? $"no name stands in front; the names are {Display.List(Words)}"
            : NearestWord.Find(word, Words) is { } nearest ? $"{Display.Quote(word)} is unknown; did you mean \"{nearest}\"?"
            : $"{Display.Quote(word)} is unknown; the names are {Display.List(Words)}";
    }

    private static string? ReadLimited(
        string[] parts, int usualMax, Func<int, FrameCodec<ReadOnlySequence<byte>>> create, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        string? problem = ReadOptions(parts.AsSpan(1), [CodecText.Max], out CodecOptions options);
        codec = problem is null ? create(options.Max ?? usualMax) : null;
        return problem;
    }

    private static string? ReadDelimited(string[] parts, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        codec = null;
        if (parts.Length < 2 || parts[1].Length == 0)
            return $"it names no delimiter; write its bytes behind the colon, as in {CodecText.Delimiter}:%00";
        if (ReadBytes(parts[1], out byte[] delimiter) is { } noBytes)
            return noBytes;
        if (delimiter.Length > Codecs.DelimiterSizeMax)
            return $"its delimiter has {delimiter.Length} bytes; the most is {Codecs.DelimiterSizeMax}";
        string? problem = ReadOptions(parts.AsSpan(2), [CodecText.Max], out CodecOptions options);
        if (problem is null)
            codec = Codecs.Delimited(delimiter, options.Max ?? Codecs.DefaultMaxFrameSize);
        return problem;
    }

    private static string? ReadFixed(string[] parts, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        codec = null;
        if (parts.Length < 2 || !ByteCount.TryParse(parts[1], int.MaxValue, out int size) || size == 0)
            return $"the size of a frame is a number of bytes from 1; try {CodecText.Fixed}:16";
        if (parts.Length > 2)
            return $"{Display.Quote(parts[2])} is unknown; nothing stands behind the size";
        codec = Codecs.FixedSize(size);
        return null;
    }

    private static string? ReadLength(string[] parts, out FrameCodec<ReadOnlySequence<byte>>? codec)
    {
        codec = null;
        if (parts.Length < 2 || parts[1] is not ("1" or "2" or "4" or "8"))
            return $"a length has 1, 2, 4 or 8 bytes; try {CodecText.Length}:4";
        string? problem = ReadOptions(
            parts.AsSpan(2), [CodecText.Big, CodecText.Little, CodecText.Self, CodecText.Max], out CodecOptions options);
        if (problem is null)
        {
            codec = Codecs.LengthPrefixed(
                parts[1][0] - '0', options.Order ?? ByteOrder.BigEndian, options.LengthCountsItself, options.Max ?? Codecs.DefaultMaxFrameSize);
        }

        return problem;
    }

    private static string? ReadOptions(ReadOnlySpan<string> parts, string[] known, out CodecOptions options)
    {
        options = default;
        foreach (string part in parts)
        {
            string name = part.StartsWith(CodecText.Max, StringComparison.Ordinal) ? CodecText.Max : part;
            if (!known.Contains(name))
            {
                return $"{Display.Quote(part)} is unknown here; " + (NearestWord.Find(part.Split('=')[0], known.Select(each => each.TrimEnd('='))) is { } nearest
                    ? $"did you mean \"{known.First(each => each.TrimEnd('=') == nearest)}\"?"
                    : $"what may follow is {Display.List(known, "or")}");
            }

            if ((name is CodecText.Max && options.Max is not null)
                || (name is CodecText.Self && options.LengthCountsItself)
                || (name is CodecText.Big or CodecText.Little && options.Order is not null))
            {
                return $"{Display.Quote(part)} says again what was said before; remove one of them";
            }

            if (name == CodecText.Max)
            {
                if (!ByteCount.TryParse(part[CodecText.Max.Length..], int.MaxValue, out int max) || max == 0)
                    return $"{Display.Quote(part)} is no limit; write a number of bytes from 1, as in max=64k";
                options = options with { Max = max };
            }
            else
            {
                options = name == CodecText.Self
                    ? options with { LengthCountsItself = true }
                    : options with { Order = name == CodecText.Little ? ByteOrder.LittleEndian : ByteOrder.BigEndian };
            }
        }

        return null;
    }

    /// <summary>Bytes from text: <c>%HH</c> is one byte, all else is UTF-8.</summary>
    private static string? ReadBytes(string text, out byte[] bytes)
    {
        ArrayBufferWriter<byte> output = new();
        bytes = [];
        Span<byte> encoded = stackalloc byte[4];
        for (int position = 0; position < text.Length;)
        {
            if (text[position] == '%')
            {
                if (AddressCharacters.Unescape(text, position) is not { } value)
                    return $"{Display.Quote(text[position..])} is no escape; write a byte as % and two hex digits, and % itself as %25";
                output.Write([value]);
                position += 3;
                continue;
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(position), out Rune rune, out int length) != OperationStatus.Done)
                return "half of a surrogate pair stands in its delimiter; remove it";
            output.Write(encoded[..rune.EncodeToUtf8(encoded)]);
            position += length;
        }

        bytes = output.WrittenSpan.ToArray();
        return null;
    }
}
