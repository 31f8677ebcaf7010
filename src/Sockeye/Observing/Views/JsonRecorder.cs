using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>
/// Writes conversations as JSON, one object a line (UTF-8, LF): <c>schema</c> 1, <c>event</c>, <c>time</c> and <c>conversation</c> in each, the rest where the event has it:
/// docs/cli-json.md.
/// </summary>
public sealed class JsonRecorder : ConversationRecorder
{
    /// <summary>The version of the objects: it changes when a field changes its meaning or goes.</summary>
    public const int Schema = 1;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LineBuffer _lines;
    private readonly FrameCodec<ReadOnlySequence<byte>>? _frames;
    private readonly ConditionalWeakTable<SocketConversation, ConversationState> _states = [];
    private readonly StringBuilder _line = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Makes a recorder.</summary>
    /// <param name="writer">Where the objects go.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="options">What waits at most, and what cuts frames; null for the defaults. What is about looks is not used.</param>
    public JsonRecorder(TextWriter writer, TimeProvider? timeProvider = null, ConversationViewOptions? options = null)
        : base(timeProvider, options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_lines, _frames) = (new LineBuffer(writer), options?.Frames);
    }

    /// <inheritdoc/>
    protected override void Record(ConversationEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        TellDropped(happened.Time);
        Write(happened.Time, Name(happened.Kind), json => Write(json, happened));
        if (happened.IsRepeat || happened.Conversation.SocketType != System.Net.Sockets.SocketType.Stream)
            return;
        DirectionView direction = _states.GetValue(happened.Conversation, _ => new ConversationState(_frames)).Of(happened.FromClient);
        IEnumerable<(long Length, string? Problem)> frames = happened.Kind switch
        {
            ConversationEventKind.Data => direction.Cut(happened.Offset, happened.Data.Span),
            ConversationEventKind.Ended => direction.CutEnd(),
            _ => [],
        };
        foreach ((long length, string? problem) in frames)
            WriteFrame(happened, length, problem);
    }

    /// <inheritdoc/>
    protected override void Flush() => _lines.Flush();

    private void WriteFrame(ConversationEvent happened, long length, string? problem) => Write(happened.Time, "frame", json =>
    {
        json.WriteNumber("conversation", happened.Conversation.Number);
        json.WriteString("from", happened.FromClient ? "client" : "server");
        if (problem is null)
            json.WriteNumber("bytes", length);
        else
            json.WriteString("message", problem);
    });

    private void TellDropped(DateTimeOffset time)
    {
        long dropped = TakeDropped();
        if (dropped == 0)
            return;
        Write(time, "lost", json => json.WriteNumber("count", dropped));
    }

    private void Write(DateTimeOffset time, string name, Action<Utf8JsonWriter> write)
    {
        _buffer.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("event", name);
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            write(json);
            json.WriteEndObject();
        }

        _lines.Add(_line.Clear().Append(Encoding.UTF8.GetString(_buffer.WrittenSpan)));
    }

    private static string Name(ConversationEventKind kind) => kind == ConversationEventKind.Frame ? "read-frame" : kind.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;
        json.WriteNumber("conversation", conversation.Number);
        if (happened.Fault is not { Direction: null })
        {
            json.WriteString("from", happened.FromClient ? "client" : "server");
            json.WriteString("at", happened.AtSource ? "source" : "sink");
        }

        if (happened.Kind is ConversationEventKind.Opened or ConversationEventKind.Finished)
        {
            Write(json, "client", conversation.Client, conversation);
            Write(json, "door", conversation.Door, conversation);
            Write(json, "server", conversation.Server, conversation);
        }

        Write(json, "address", happened.EndPoint, conversation);
        if (happened.Kind is ConversationEventKind.Data or ConversationEventKind.Encrypted or ConversationEventKind.Frame)
            json.WriteNumber("bytes", happened.Length);
        if (happened.Kind is ConversationEventKind.Data or ConversationEventKind.Encrypted)
            json.WriteNumber("offset", happened.Offset);
        if (happened.Kind == ConversationEventKind.Data && !happened.IsRepeat)
            WriteBytes(json, happened.Data.Span);
        if (happened.Kind is ConversationEventKind.Connected or ConversationEventKind.Handshaken)
            json.WriteNumber("milliseconds", Math.Round(happened.Duration.TotalMilliseconds, 4));
        if (happened.Layer is { } layer && happened.Kind == ConversationEventKind.Handshaken)
            json.WriteString("protocol", ConversationWords.Layer(layer));
        if (happened.Fault is { } fault)
            Write(json, fault);
        if (happened.Kind == ConversationEventKind.Error)
            json.WriteString("message", SocketErrors.Reason(happened.Error));
        if (happened.Kind == ConversationEventKind.Finished)
            WriteSummary(json, happened);
    }

    private static void Write(Utf8JsonWriter json, SocketFault fault)
    {
        json.WriteString("fault", JsonNamingPolicy.CamelCase.ConvertName(fault.Kind.ToString()));
        if (fault.Bytes > 0)
            json.WriteNumber("bytes", fault.Bytes);
        json.WriteString("message", fault.ToString());
    }

    private static void WriteSummary(Utf8JsonWriter json, ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;
        json.WriteNumber("bytesFromClient", conversation.BytesFromClient);
        json.WriteNumber("bytesFromServer", conversation.BytesFromServer);
        json.WriteNumber("milliseconds", Math.Round((happened.Time - conversation.StartedAt).TotalMilliseconds, 4));
        Write(json, "client", conversation.ClientTcpInfo);
        Write(json, "server", conversation.ServerTcpInfo);
    }

    private static void Write(Utf8JsonWriter json, string side, TcpInfo? info)
    {
        if (info is not { } known)
            return;
        json.WriteNumber($"{side}Rtt", known.RoundTripTime.TotalMilliseconds);
        json.WriteNumber($"{side}Retransmits", known.Retransmits);
    }

    private static void Write(Utf8JsonWriter json, string name, EndPoint? endPoint, SocketConversation conversation)
    {
        if (endPoint is not null)
            json.WriteString(name, ConversationWords.Name(endPoint, conversation.SocketType));
    }

    /// <summary>UTF-8 as text, anything else as Base64, so that no byte is told wrong.</summary>
    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            json.WriteString("text", bytes);
        else
            json.WriteBase64String("base64", bytes);
    }
}
