using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sockeye;

/// <summary>
/// Writes conversations as lines: seconds since the recorder was made, the conversation's number, a direction (<c>-&gt;</c> to the server, <c>&lt;-</c> to the client,
/// <c>--</c> neither), what happened, how many bytes, and the bytes: <c>0.004000 #1 -&gt; 6 bytes "hello\n"</c>. Bytes are told of once, where they came
/// from; where they went only if they were cut another way.
/// </summary>
/// <remarks>Nothing raw reaches the writer: control characters, invisible ones and malformed UTF-8 come as escapes. The writer remains the caller's.</remarks>
public sealed class ConversationTextRecorder : ConversationRecorder
{
    private const int SecondsWidth = 11;
    private const int HexRow = 16;

    private readonly LineBuffer _lines;
    private readonly ConversationViewOptions _options;
    private readonly LineInk _ink;
    private readonly StringBuilder _line = new();
    private readonly ConditionalWeakTable<SocketConversation, ConversationState> _states = [];

    /// <summary>Makes a recorder.</summary>
    /// <param name="writer">Where the lines go.</param>
    /// <param name="timeProvider">The clock of the first column; null for the system's.</param>
    /// <param name="options">How to write; null for text of <see cref="ConversationViewOptions.ColumnsDefault"/> columns.</param>
    public ConversationTextRecorder(TextWriter writer, TimeProvider? timeProvider = null, ConversationViewOptions? options = null)
        : base(timeProvider, options ??= new ConversationViewOptions())
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_lines, _options, _ink) = (new LineBuffer(writer), options, new LineInk(options.Colours));
    }

    /// <inheritdoc/>
    protected override void Record(ConversationEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        TellDropped();
        ConversationState state = _states.GetValue(happened.Conversation, _ => new ConversationState(_options.Frames));
        switch (happened.Kind)
        {
            case ConversationEventKind.Data:
                RecordData(happened, state.Of(happened.FromClient));
                break;
            case ConversationEventKind.Ended when !happened.IsRepeat:
                WriteFrames(happened, state.Of(happened.FromClient).CutEnd());
                WriteLine(happened, Arrow(happened), "half-closed", Ink.Event);
                break;
            case ConversationEventKind.Reset when state.Says(happened):
                WriteLine(happened, Arrow(happened), $"reset, {Who(happened)}", Ink.Error);
                break;
            case ConversationEventKind.Faulted:
                WriteLine(happened, happened.Fault!.Direction is null ? "--" : Arrow(happened), $"{happened.Fault}", Ink.Error);
                break;
            case ConversationEventKind.Finished:
                WriteLine(happened, "--", Summary(happened), Ink.Event);
                break;
            default:
                if (Describe(happened) is { } text)
                    WriteLine(happened, "--", text, happened.Kind == ConversationEventKind.Error ? Ink.Error : Ink.Event);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Flush() => _lines.Flush();

    private void RecordData(ConversationEvent happened, DirectionView direction)
    {
        bool isStream = happened.Conversation.SocketType == SocketType.Stream;
        if (happened.IsRepeat)
        {
            if (isStream && direction.Marks.Passed(happened.Offset, happened.Length) is { } parts)
                WriteLine(happened, happened.FromClient ? "=>" : "<=", $"{(happened.Conversation.IsRelayed ? "passed on" : "read")} {ConversationWords.Cut(happened.Length, parts)}", Ink.Note);
            return;
        }

        WriteData(happened);
        if (!isStream)
            return;
        direction.Marks.Wrote(happened.Offset, happened.Length);
        WriteFrames(happened, direction.Cut(happened.Offset, happened.Data.Span));
    }

    private void WriteFrames(ConversationEvent happened, IEnumerable<(long Length, string? Problem)> frames)
    {
        foreach ((long length, string? problem) in frames)
            WriteLine(happened, Arrow(happened), problem is null ? $"frame of {ConversationWords.Count(length, "byte")}" : $"no frame: {problem}", problem is null ? Ink.Note : Ink.Error);
    }

    private static string? Describe(ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;
        SocketType type = conversation.SocketType;
        return happened.Kind switch
        {
            ConversationEventKind.Opened when conversation.SocketType == SocketType.Dgram => $"{ConversationWords.Name(conversation.Client, type)} sends datagrams to {ConversationWords.Name(conversation.Door, type)}",
            ConversationEventKind.Opened when conversation.Client is not null => $"{ConversationWords.Name(conversation.Client, type)} connected to {ConversationWords.Name(conversation.Door, type)}",
            ConversationEventKind.Connecting => $"connecting to {ConversationWords.Name(happened.EndPoint, type)}",
            ConversationEventKind.Connected => $"connected to {ConversationWords.Name(happened.EndPoint, type)} in {ConversationWords.Milliseconds(happened.Duration)}",
            ConversationEventKind.Handshaken => $"{ConversationWords.Layer(happened.Layer)} with the {Side(happened)} in {ConversationWords.Milliseconds(happened.Duration)}",
            ConversationEventKind.Error => $"error, {Who(happened)}: {SocketErrors.Reason(happened.Error)}",
            _ => null,
        };
    }

    private static string Summary(ConversationEvent happened)
    {
        SocketConversation conversation = happened.Conversation;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"closed after {(happened.Time - conversation.StartedAt).TotalSeconds:0.000} s: {ConversationWords.Count(conversation.BytesFromClient, "byte")} to the server, {conversation.BytesFromServer:#,0} back");
        if (ConversationWords.Kernel(conversation.ClientTcpInfo) is { } client)
            text += $"; client: {client}";
        return ConversationWords.Kernel(conversation.ServerTcpInfo) is { } server ? $"{text}; server: {server}" : text;
    }

    /// <summary>Whose side of the conversation its socket is on.</summary>
    private static string Side(ConversationEvent happened) => happened.Socket == happened.Conversation.ClientSocket ? "client" : "server";

    /// <summary>Which party a failure came from; that of a relay itself comes from neither.</summary>
    private static string Who(ConversationEvent happened) =>
        happened.AtSource ? $"by the {(happened.FromClient ? "client" : "server")}" : $"towards the {(happened.FromClient ? "server" : "client")}";

    private static string Arrow(ConversationEvent happened) => happened.FromClient ? "->" : "<-";

    private void WriteData(ConversationEvent happened)
    {
        Begin(happened, Arrow(happened), happened.FromClient ? Ink.Client : Ink.Server);
        _line.Append(ConversationWords.Count(happened.Length, "byte"));
        ReadOnlySpan<byte> data = happened.Data.Span;
        if (!_options.Hex)
        {
            _line.Append(' ');
            int width = Math.Max(Math.Max(_options.Columns(), ConversationViewOptions.ColumnsMin) - _line.Length + _ink.Length(_line) - 3, 8);
            ByteText.AppendQuoted(_line, data, width);
        }

        End();
        if (!_options.Hex)
            return;
        int shown = Math.Min(data.Length, _options.HexBytesMax);
        for (int row = 0; row < shown; row += HexRow)
            WriteHexRow(happened.Offset + row, data[row..Math.Min(row + HexRow, shown)]);
        if (shown < data.Length)
            WriteRow($"… and {ConversationWords.Count(data.Length - shown, "byte")} more");
    }

    private void WriteHexRow(long offset, ReadOnlySpan<byte> row)
    {
        _line.Clear().Append(' ', SecondsWidth + 1).Append(offset.ToString("x8", CultureInfo.InvariantCulture)).Append("  ");
        ByteText.AppendHexRow(_line, row, HexRow);
        _lines.Add(_line);
    }

    private void WriteRow(string text)
    {
        _line.Clear().Append(' ', SecondsWidth + 1).Append(text);
        _lines.Add(_line);
    }

    private void WriteLine(ConversationEvent happened, string direction, string text, Ink ink)
    {
        Begin(happened, direction, ink);
        _line.Append(text);
        End();
    }

    private void Begin(ConversationEvent happened, string direction, Ink ink)
    {
        string seconds = (happened.Time - StartedAt).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
        _line.Clear();
        _ink.Append(_line, Ink.Time, seconds.PadLeft(SecondsWidth));
        _line.Append(' ');
        _ink.Begin(_line, ink);
        _line.Append('#').Append(happened.Conversation.Number).Append(' ').Append(direction).Append(' ');
    }

    private void End()
    {
        _ink.End(_line);
        _lines.Add(_line);
    }

    private void TellDropped()
    {
        long dropped = TakeDropped();
        if (dropped == 0)
            return;
        WriteRow($"{ConversationWords.Count(dropped, "event")} left out: this is read too slowly");
    }
}
