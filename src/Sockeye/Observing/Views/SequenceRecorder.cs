using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sockeye;

/// <summary>
/// Draws conversations as sequence diagrams in text: two life lines, the client's on the left and the server's on the right, an arrow for what one says to the other, and a
/// note where it was cut otherwise on its way. A row begins with the seconds since the recorder was made, and the conversation's number. No row is wider than
/// <see cref="ConversationViewOptions.Columns"/>: what is longer goes on in the next, and when the width has changed the heading stands there again.
/// </summary>
/// <remarks>Nothing raw reaches the writer. Several conversations at a time are drawn row by row as things happen; a heading says which one goes on.</remarks>
public sealed class SequenceRecorder : ConversationRecorder
{
    private const int SecondsWidth = 11;
    private const int SecondsWidthNarrow = 8;

    /// <summary>Below so many columns seconds have three decimals, and what was said stands in a row below its arrow.</summary>
    private const int NarrowBelow = 60;

    /// <summary>What a row has besides the text of its arrow, or of its note.</summary>
    private const int ArrowFrame = 7;
    private const int ShaftMin = 2;
    private const int NoteFrame = 4;
    private const int QuotesAndEllipsis = 3;

    /// <summary>Silences from here on are drawn, each as many rows as it is times ten longer.</summary>
    private static readonly TimeSpan GapMin = TimeSpan.FromMilliseconds(100);

    private readonly ConversationViewOptions _options;
    private readonly LineBuffer _lines;
    private readonly LineInk _ink;
    private readonly StringBuilder _line = new();
    private readonly ConditionalWeakTable<SocketConversation, SequenceState> _states = [];
    private SocketConversation? _last;
    private int _columns;

    /// <summary>From one life line to the other, both included.</summary>
    private int _width;

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
                Note(happened, state, $"╳ {(happened.Fault!.Direction is null ? "" : happened.FromClient ? "-> " : "<- ")}{happened.Fault}", Ink.Error);
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

        Prepare(happened, state);
        Ink ink = happened.FromClient ? Ink.Client : Ink.Server;
        StringBuilder text = new(ConversationWords.Count(happened.Length, "byte"));
        if (_columns >= NarrowBelow)
            ByteText.AppendQuoted(text.Append(' '), happened.Data.Span, _width - text.Length - ArrowFrame - ShaftMin - QuotesAndEllipsis);
        Arrow(happened, state, happened.FromClient, text.ToString(), isCut: false, ink);
        if (_columns < NarrowBelow && happened.Length > 0)
        {
            ByteText.AppendQuoted(text.Clear(), happened.Data.Span, _width - NoteFrame - QuotesAndEllipsis);
            NoteRow(happened, text.ToString(), ink, showsTime: false);
        }

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
        int columns = Math.Max(_options.Columns(), ConversationViewOptions.ColumnsMin);
        bool hasNewWidth = _columns != columns;
        _columns = columns;
        _width = columns - SecondsColumns - 2 - Number(happened).Length;
        if (_last != happened.Conversation || !state.IsDrawn || hasNewWidth)
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
        int space = _width - TextColumns.Count(client) - TextColumns.Count(server);
        if (space > 0)
        {
            HeadingRow(happened, client + new string(' ', space) + server);
            return;
        }

        foreach (string row in TextRows.Wrap(client, _width))
            HeadingRow(happened, row);
        foreach (string row in TextRows.Wrap(server, _width))
            HeadingRow(happened, new string(' ', _width - TextColumns.Count(row)) + row);
    }

    private void HeadingRow(ConversationEvent happened, string text)
    {
        Begin(happened, showsTime: false);
        _ink.Append(_line, Ink.Event, text);
        _lines.Add(_line);
    }

    private void Gap(ConversationEvent happened, TimeSpan gap)
    {
        string text = gap.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
        for (TimeSpan rest = gap; rest >= GapMin; rest /= 10)
        {
            Begin(happened, showsTime: false);
            int left = (_width - 2 - text.Length) / 2;
            _ink.Append(_line, Ink.Note, "┊" + new string(' ', left) + text + new string(' ', _width - 2 - left - text.Length) + "┊");
            _lines.Add(_line);
            text = "";
        }
    }

    private void Arrow(ConversationEvent happened, SequenceState state, bool fromClient, string text, bool isCut, Ink ink)
    {
        Prepare(happened, state);
        Begin(happened, showsTime: true);
        IReadOnlyList<string> rows = TextRows.Wrap(text, _width - ArrowFrame);
        string dashes = new('─', _width - TextColumns.Count(rows[0]) - ArrowFrame);
        string head = isCut ? "╳" : fromClient ? "▶" : "◀";
        string arrow = fromClient ? $"── {rows[0]} {dashes}{head}" : $"{head}{dashes} {rows[0]} ──";
        _line.Append('│');
        _ink.Append(_line, ink, arrow);
        _line.Append('│');
        _lines.Add(_line);
        foreach (string more in rows.Skip(1))
            NoteRow(happened, more, ink, showsTime: false);
    }

    private void Note(ConversationEvent happened, SequenceState state, string text, Ink ink)
    {
        Prepare(happened, state);
        bool showsTime = true;
        foreach (string row in TextRows.Wrap(text, _width - NoteFrame))
        {
            NoteRow(happened, row, ink, showsTime);
            showsTime = false;
        }
    }

    private void NoteRow(ConversationEvent happened, string row, Ink ink, bool showsTime)
    {
        Begin(happened, showsTime);
        _line.Append("│  ");
        _ink.Append(_line, ink, row);
        _line.Append(' ', _width - TextColumns.Count(row) - NoteFrame).Append('│');
        _lines.Add(_line);
    }

    private void Finish(ConversationEvent happened, SequenceState state)
    {
        SocketConversation conversation = happened.Conversation;
        Note(happened, state, string.Create(CultureInfo.InvariantCulture,
            $"{(happened.Time - conversation.StartedAt).TotalSeconds:0.000} s, {conversation.BytesFromClient:#,0} to the server, {ConversationWords.Count(conversation.BytesFromServer, "byte")} back"), Ink.Note);
        Begin(happened, showsTime: false);
        _line.Append('┴').Append(' ', _width - 2).Append('┴');
        _lines.Add(_line);
        _last = null;
    }

    private void TellDropped(ConversationEvent happened)
    {
        long dropped = TakeDropped();
        if (dropped == 0)
            return;
        foreach (string row in TextRows.Wrap($"{ConversationWords.Count(dropped, "event")} left out: this is read too slowly", _width - 2))
        {
            Begin(happened, showsTime: false);
            _line.Append("┊ ").Append(row);
            _lines.Add(_line);
        }
    }

    /// <summary>What is before the client's life line: as wide for each row of a conversation.</summary>
    private void Begin(ConversationEvent happened, bool showsTime)
    {
        string seconds = showsTime ? (happened.Time - StartedAt).TotalSeconds.ToString(_columns < NarrowBelow ? "F3" : "F6", CultureInfo.InvariantCulture) : "";
        _line.Clear();
        _ink.Append(_line, Ink.Time, seconds[..Math.Min(seconds.Length, SecondsColumns)].PadLeft(SecondsColumns));
        _line.Append(' ').Append(Number(happened)).Append(' ');
    }

    private static string Number(ConversationEvent happened) => string.Create(CultureInfo.InvariantCulture, $"#{happened.Conversation.Number}");

    private int SecondsColumns => _columns < NarrowBelow ? SecondsWidthNarrow : SecondsWidth;
}
