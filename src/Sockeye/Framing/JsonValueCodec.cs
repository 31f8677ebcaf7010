using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sockeye;

/// <summary>Lines of which each is JSON, as values; see <see cref="Codecs.JsonLines{T}"/>. Finding them is <see cref="JsonLinesCodec"/>'s.</summary>
internal sealed class JsonValueCodec<T>(JsonTypeInfo<T> type, int maxFrameSize) : FrameCodec<T>(maxFrameSize)
{
    private readonly JsonLinesCodec _lines = new(maxFrameSize);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame) => TryDecode(ref input, 0, out frame);

    public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, [MaybeNullWhen(false)] out T frame)
    {
        ReadOnlySequence<byte> rest = input;
        bool found = _lines.TryDecode(ref rest, searched, out ReadOnlySequence<byte> line);
        frame = found ? Value(line) : default;
        input = rest;
        return found;
    }

    public override bool TryDecodeEnd(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out T frame)
    {
        ReadOnlySequence<byte> rest = input;
        bool found = _lines.TryDecodeEnd(ref rest, out ReadOnlySequence<byte> line);
        frame = found ? Value(line) : default;
        input = rest;
        return found;
    }

    public override void Encode(T frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(frame);

        // Not into the output: a frame that is refused has written nothing.
        ArrayBufferWriter<byte> line = new();
        try
        {
            using Utf8JsonWriter writer = new(line, new JsonWriterOptions { MaxDepth = JsonLine.DepthMax });    // never indented, whatever the type says
            JsonSerializer.Serialize(writer, frame, type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new ArgumentException($"The frame cannot be written as JSON: {e.Message}", nameof(frame), e);
        }

        _lines.Encode(new ReadOnlySequence<byte>(line.WrittenMemory), output);
    }

    public override string ToString() => _lines.ToString();

    private static ProtocolException Refusal(string problem, Exception? cause = null) => new($"A line of JSON is no {typeof(T).Name}: {problem}", cause);

    private T Value(in ReadOnlySequence<byte> line)
    {
        try
        {
            ReadOnlySpan<byte> json = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
            return JsonSerializer.Deserialize(json, type) is { } value ? value : throw Refusal("it is null.");
        }
        catch (JsonException e)
        {
            throw Refusal($"what stands at {e.Path ?? "$"}, up to its byte {e.BytePositionInLine ?? 0}, does not fit.", e);
        }
    }
}
