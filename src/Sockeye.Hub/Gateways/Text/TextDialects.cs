using System.Globalization;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>How lines look: UTF-8 with CR LF, as the network virtual terminal has it (RFC 854), which every terminal shows right.</summary>
internal sealed class TextDialects
{
    /// <summary>Before each line of a message but the first: nobody can make up a line of somebody else's.</summary>
    private const string Indent = "        ";

    private readonly TimeZoneInfo _zone;

    public TextDialects(TimeProvider time)
    {
        _zone = time.LocalTimeZone;
        Here = new Dialect<TextLine>(message => Encode(message, "", $"{message.AuthorName}: "));
        Elsewhere = new Dialect<TextLine>(message => Encode(message, $"#{message.Conversation.Room} ", $"{message.AuthorName}: "));
        ToYou = new Dialect<TextLine>(message => Encode(message, "", $"{message.AuthorName} to you alone: "));
        FromYou = new Dialect<TextLine>(message => Encode(message, "", $"you to {message.Conversation.OtherThan(message.Author)?.Name} alone: "));
    }

    /// <summary>In the room that the client is looking at.</summary>
    public Dialect<TextLine> Here { get; }

    /// <summary>In another room.</summary>
    public Dialect<TextLine> Elsewhere { get; }

    /// <summary>To one member, for them.</summary>
    public Dialect<TextLine> ToYou { get; }

    /// <summary>To one member, for the one who wrote it.</summary>
    public Dialect<TextLine> FromYou { get; }

    /// <summary>The day it is where the hub is: <see cref="DateOnly.DayNumber"/>.</summary>
    public int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime).DayNumber;

    /// <summary>The line between the messages of two days.</summary>
    public static string DayLine(int day) => DateOnly.FromDayNumber(day).ToString("'* 'dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    private TextLine Encode(Message message, string where, string who)
    {
        DateTimeOffset at = Local(message.At);
        string text = message.Text.Replace("\n", $"\r\n{Indent}", StringComparison.Ordinal);
        string line = string.Create(CultureInfo.InvariantCulture, $"{where}[{at:HH:mm}] {who}{text}\r\n");
        return new TextLine(Encoding.UTF8.GetBytes(line), DateOnly.FromDateTime(at.DateTime).DayNumber);
    }
}
