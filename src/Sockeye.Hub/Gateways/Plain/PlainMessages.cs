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
    public string Here(Message message) => $"{Head(message)}: {Body(message)}";

    /// <summary>In another room.</summary>
    public string Elsewhere(Message message) => $"#{message.Conversation.Room} {Here(message)}";

    /// <summary>To one member, for them.</summary>
    public string ToYou(Message message) => $"{Head(message)} to you: {Body(message)}";

    /// <summary>To one member, for the one who wrote it.</summary>
    public string FromYou(Message message) => $"[{Clock(message)}] you to {message.Conversation.OtherThan(message.Author)?.Name}: {Body(message)}";

    /// <summary>The line before a message of another day than the one before it; today needs none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="day">The day of the message before; null: it is the first.</param>
    /// <param name="now">The time.</param>
    public string? DayLine(Message message, ref DateOnly? day, DateTimeOffset now)
    {
        DateOnly of = DayOf(message.At);
        DateOnly before = day ?? DayOf(now);
        day = of;
        return of == before ? null : of.ToString("'* 'yyyy'-'MM'-'dd", CultureInfo.InvariantCulture);
    }

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    private string Head(Message message) => $"[{Clock(message)}] {message.AuthorName}";

    private string Clock(Message message) => Local(message.At).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Body(Message message) => message.Text.Replace("\n", $"\n{Indent}", StringComparison.Ordinal);
}
