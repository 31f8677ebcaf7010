using System.Globalization;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Plain;

/// <summary>How a message looks as plain text: one line, or several with LF between them. Times are those where the hub is.</summary>
internal sealed class PlainMessages(TimeProvider time)
{
    /// <summary>Before each line of a message but the first: nobody can make up a line of somebody else's.</summary>
    public const string Indent = "        ";

    private readonly TimeZoneInfo _zone = time.LocalTimeZone;

    /// <summary>In the room that the client is looking at.</summary>
    public string Here(Message message) => Line(message, "", message.AuthorName);

    /// <summary>In another room.</summary>
    public string Elsewhere(Message message) => Line(message, $"#{message.Conversation.Room} ", message.AuthorName);

    /// <summary>To one member, for them.</summary>
    public string ToYou(Message message) => Line(message, "", $"{message.AuthorName} to you alone");

    /// <summary>To one member, for the one who wrote it.</summary>
    public string FromYou(Message message) => Line(message, "", $"you to {message.Conversation.OtherThan(message.Author)?.Name} alone");

    /// <summary>The day it is where the hub is: <see cref="DateOnly.DayNumber"/>.</summary>
    public int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime).DayNumber;

    /// <summary>The line between the messages of two days.</summary>
    public static string DayLine(int day) => DateOnly.FromDayNumber(day).ToString("'* 'dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    private string Line(Message message, string where, string who)
    {
        string text = message.Text.Replace("\n", $"\n{Indent}", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{where}[{Local(message.At):HH:mm}] {who}: {text}");
    }
}
