using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sockeye;

/// <summary>
/// Draws conversations as sequence diagrams in text: two life lines, the client's on the left and the server's on the right, an arrow for what one says to the other, and a
/// note where it was cut otherwise on its way. A row begins with the seconds since the recorder was made, and the conversation's number.
/// </summary>
/// <remarks>Nothing raw reaches the writer. Several conversations at a time are drawn row by row as things happen; a heading says which one goes on.</remarks>
public sealed class SequenceRecorder : ConversationRecorder
{
    private const int SecondsWidth = 11;

    /// <summary>Silences from here on are drawn, each as many rows as it is times ten longer.</summary>
    private static readonly TimeSpan GapMin = TimeSpan.FromMilliseconds(100);

    private readonly ConversationViewOptions _options;
    private readonly LineBuffer _lines;
    private readonly LineInk _ink;
    private readonly StringBuilder _line = new();
    private readonly ConditionalWeakTable<SocketConversation, SequenceState> _states = [];
    private SocketConversation? _last;

    /// <summary>Makes a recorder.</summary>
    /// <param name="writer">Where the rows go.</param>
    /// <param name="timeProvider">The clock of the first column; null for the system's.</param>
    /// <param name="options">How to draw; null for <see cref="ConversationViewOptions.ColumnsDefault"/> columns.</param>
    public SequenceRecorder(TextWriter writer, TimeProvider? timeProvider = null, ConversationViewOptions? options = null)
        : base(timeProvider, options ??= new ConversationViewOptions())
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_lines, _options, _ink) = (new LineBuffer(writer), options, new LineInk(options.Colours));
    }

    /// <inheritdoc/>
    protected override void Record(ConversationEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        SequenceState state = _states.GetValue(happened.Conversation, _ => new SequenceState(_options.Frames));
        switch (happened.Kind)
        {
            case ConversationEventKind.Opened:
                Arrow(happened, state, fromClient: true, "connect", isCut: false, Ink.Event);
                break;
            case ConversationEventKind.Connected when happened.Conversation.IsRelayed:
                Note(happened, state, $"connected to {ConversationWords.Name(happened.EndPoint, happened.Conversation.SocketType)} in {ConversationWords.Milliseconds(happened.Duration)}", Ink.Event);
                break;
            case ConversationEventKind.Connected:
                Arrow(happened, state, fromClient: false, $"connected in {ConversationWords.Milliseconds(happened.Duration)}", isCut: false, Ink.Event);
                break;
            case ConversationEventKind.Handshaken:
                Note(happened, state, $"{ConversationWords.Layer(happened.Layer)} in {ConversationWords.Milliseconds(happened.Duration)}", Ink.Event);
                break;
            case ConversationEventKind.Data:
                RecordData(happened, state);
                break;
            case ConversationEventKind.Ended when !happened.IsRepeat:
                Frames(happened, state, state.Of(happened.FromClient).CutEnd());
                Arrow(happened, state, happened.FromClient, "FIN", isCut: false, Ink.Event);
                break;
            case ConversationEventKind.Reset when state.SaysReset(happened.FromClient):
                Arrow(happened, state, happened.FromClient, happened.Conversation.IsRelayed && !happened.AtSource ? "RST, by the relay" : "RST", isCut: true, Ink.Error);
                break;
            case ConversationEventKind.Faulted:
                Note(happened, state, $"╳ {happened.Fault}", Ink.Error);
                break;
            case ConversationEventKind.Error:
                Note(happened, state, $"error: {SocketErrors.Reason(happened.Error)}", Ink.Error);
                break;
            case ConversationEventKind.Finished:
                Finish(happened, state);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Flush() => _lines.Flush();

    private void RecordData(ConversationEvent happened, SequenceState state)
    {
        DirectionView direction = state.Of(happened.FromClient);
        bool isStream = happened.Conversation.SocketType == SocketType.Stream;
        if (happened.IsRepeat)
        {
            if (isStream && direction.Marks.Passed(happened.Offset, happened.Length) is { } parts)
                Note(happened, state, $"{(happened.FromClient ? "=>" : "<=")} {(happened.Conversation.IsRelayed ? "passed on" : "read")} {ConversationWords.Cut(happened.Length, parts)}", Ink.Note);
            return;
        }

        StringBuilder text = new($"{ConversationWords.Count(happened.Length, "byte")} ");
        int room = Width(happened) - text.Length - 12;
        if (room > 0)
            ByteText.AppendQuoted(text, happened.Data.Span, room);
        Arrow(happened, state, happened.FromClient, text.ToString().TrimEnd(), isCut: false, happened.FromClient ? Ink.Client : Ink.Server);
        if (!isStream)
            return;
        direction.Marks.Wrote(happened.Offset, happened.Length);
        Frames(happened, state, direction.Cut(happened.Offset, happened.Data.Span));
    }

    private void Frames(ConversationEvent happened, SequenceState state, IEnumerable<(long Length, string? Problem)> frames)
    {
        foreach ((long length, string? problem) in frames)
            Note(happened, state, problem is null ? $"{(happened.FromClient ? "->" : "<-")} frame of {ConversationWords.Count(length, "byte")}" : $"no frame: {problem}", problem is null ? Ink.Note : Ink.Error);
    }

    /// <summary>A silence, and a heading where another conversation was drawn before.</summary>
    private void Prepare(ConversationEvent happened, SequenceState state)
    {
        if (_last != happened.Conversation || !state.IsDrawn)
            Heading(happened, state);
        if (state.LastAt is { } last && happened.Time - last is { } gap && gap >= GapMin)
            Gap(happened, gap);
        state.LastAt = happened.Time;
        TellDropped(happened);
    }

    private void Heading(ConversationEvent happened, SequenceState state)
    {
        (_last, state.IsDrawn) = (happened.Conversation, true);
        SocketType type = happened.Conversation.SocketType;
        string client = ConversationWords.Name(happened.Conversation.Client, type);
        string server = ConversationWords.Name(happened.Conversation.Server ?? happened.Conversation.Door, type);
        Begin(happened, showsTime: false);
        int space = Width(happened) - TextColumns.Count(client) - TextColumns.Count(server);
        _ink.Append(_line, Ink.Event, space > 0 ? client + new string(' ', space) + server : $"{client} - {server}");
        _lines.Add(_line);
    }

    private void Gap(ConversationEvent happened, TimeSpan gap)
    {
        string text = gap.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
        for (TimeSpan rest = gap; rest >= GapMin; rest /= 10)
        {
            Begin(happened, showsTime: false);
            int left = (Width(happened) - 2 - text.Length) / 2;
            _ink.Append(_line, Ink.Note, "┊" + new string(' ', left) + text + new string(' ', Width(happened) - 2 - left - text.Length) + "┊");
            _lines.Add(_line);
            text = "";
        }
    }

    private void Arrow(ConversationEvent happened, SequenceState state, bool fromClient, string text, bool isCut, Ink ink)
    {
        Prepare(happened, state);
        Begin(happened, showsTime: true);
        int dashes = Math.Max(Width(happened) - TextColumns.Count(text) - 7, 0);
        string head = isCut ? "╳" : fromClient ? "▶" : "◀";
        string arrow = fromClient ? $"── {text} {new string('─', dashes)}{head}" : $"{head}{new string('─', dashes)} {text} ──";
        _line.Append('│');
        _ink.Append(_line, ink, arrow);
        _line.Append('│');
        _lines.Add(_line);
    }

    private void Note(ConversationEvent happened, SequenceState state, string text, Ink ink)
    {
        Prepare(happened, state);
        Begin(happened, showsTime: true);
        _line.Append("│  ");
        _ink.Append(_line, ink, text);
        _line.Append(' ', Math.Max(Width(happened) - TextColumns.Count(text) - 4, 0)).Append('│');
        _lines.Add(_line);
    }

    private void Finish(ConversationEvent happened, SequenceState state)
    {
        SocketConversation conversation = happened.Conversation;
        Note(happened, state, string.Create(CultureInfo.InvariantCulture,
            $"{(happened.Time - conversation.StartedAt).TotalSeconds:0.000} s, {conversation.BytesFromClient:#,0} to the server, {ConversationWords.Count(conversation.BytesFromServer, "byte")} back"), Ink.Note);
        Begin(happened, showsTime: false);
        _line.Append('┴').Append(' ', Width(happened) - 2).Append('┴');
        _lines.Add(_line);
        _last = null;
    }

    private void TellDropped(ConversationEvent happened)
    {
        long dropped = TakeDropped();
        if (dropped == 0)
            return;
        Begin(happened, showsTime: false);
        _line.Append(CultureInfo.InvariantCulture, $"┊ {ConversationWords.Count(dropped, "event")} left out: this is read too slowly");
        _lines.Add(_line);
    }

    /// <summary>What is before the client's life line: as wide for each row of a conversation.</summary>
    private void Begin(ConversationEvent happened, bool showsTime)
    {
        string seconds = showsTime ? (happened.Time - StartedAt).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture) : "";
        _line.Clear();
        _ink.Append(_line, Ink.Time, seconds.PadLeft(SecondsWidth));
        _line.Append(' ').Append(Number(happened)).Append(' ');
    }

    private static string Number(ConversationEvent happened) => string.Create(CultureInfo.InvariantCulture, $"#{happened.Conversation.Number}");

    /// <summary>From one life line to the other, both included.</summary>
    private int Width(ConversationEvent happened) =>
        Math.Max(_options.Columns(), ConversationViewOptions.ColumnsMin) - SecondsWidth - 2 - Number(happened).Length;
}
