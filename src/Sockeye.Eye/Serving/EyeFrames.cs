using System.Buffers;
using System.Text.Json;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>The frames of which an event's bytes are part, found by reading the direction's stream from its beginning, or from the oldest that is kept.</summary>
internal sealed class EyeFrames(FrameCodec<ReadOnlySequence<byte>> codec, EyeEvent[] events, EyeEvent happened)
{
    public void Write(Utf8JsonWriter json)
    {
        EyeEvent[] said = Array.FindAll(events, each => each.Kind == ConversationEventKind.Data && !each.IsRepeat && each.FromClient == happened.FromClient);
        int at = Array.IndexOf(said, happened);
        int first = Math.Max(at, 0);
        while (first > 0 && said[first - 1].Offset + said[first - 1].Length == said[first].Offset)
            first--;
        byte[] stream = at < 0 ? [] : [.. said[first..].TakeWhile((each, i) => i <= at || each.Offset == said[first + i - 1].Offset + said[first + i - 1].Length).SelectMany(static each => each.Data)];
        long start = at < 0 ? 0 : said[first].Offset;

        json.WriteString("codec", codec.ToString());
        json.WriteNumber("start", start);
        json.WriteBoolean("fromBeginning", start == 0);
        json.WriteStartArray("frames");
        string? error = Read(json, stream, start);
        json.WriteEndArray();
        json.WriteString("error", error);
    }

    private string? Read(Utf8JsonWriter json, byte[] stream, long start)
    {
        ReadOnlySequence<byte> rest = new(stream);
        long end = happened.Offset + happened.Length;
        int count = 0;
        try
        {
            while (count < EyeLimits.FramesMax)
            {
                long offset = start + stream.Length - rest.Length;
                if (offset >= end || !codec.TryDecode(ref rest, out ReadOnlySequence<byte> content))
                    break;
                long length = start + stream.Length - rest.Length - offset;
                if (offset + length <= happened.Offset)
                    continue;
                count++;
                json.WriteStartObject();
                json.WriteNumber("offset", offset);
                json.WriteNumber("length", length);
                json.WriteBase64String("preview", content.Slice(0, Math.Min(content.Length, EyeLimits.PreviewBytes)).ToArray());
                json.WriteEndObject();
            }
        }
        catch (ProtocolException e)
        {
            return e.Message;
        }

        long unfinished = start + stream.Length - rest.Length;
        return unfinished < end && count < EyeLimits.FramesMax ? $"The last {end - Math.Max(unfinished, happened.Offset)} bytes are of a frame whose end is not here yet." : null;
    }
}
