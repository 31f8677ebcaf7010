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

    /// <summary>A moment where the hub is.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    private string Head(Message message) => $"[{Clock(message)}] {message.AuthorName}";

    private string Clock(Message message) => Local(message.At).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Body(Message message) => message.Text.Replace("\n", $"\n{Indent}", StringComparison.Ordinal);
}
