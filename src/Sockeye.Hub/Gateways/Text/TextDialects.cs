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
        Here = new Dialect<byte[]>(message => Encode(message, $"[{Clock(message)}] {message.AuthorName}: "));
        Elsewhere = new Dialect<byte[]>(message => Encode(message, $"#{message.Conversation.Room} [{Clock(message)}] {message.AuthorName}: "));
        ToYou = new Dialect<byte[]>(message => Encode(message, $"[{Clock(message)}] {message.AuthorName} to you: "));
        FromYou = new Dialect<byte[]>(message => Encode(message, $"[{Clock(message)}] you to {message.Conversation.OtherThan(message.Author)?.Name}: "));
    }

    /// <summary>In the room that the client is looking at.</summary>
    public Dialect<byte[]> Here { get; }

    /// <summary>In another room.</summary>
    public Dialect<byte[]> Elsewhere { get; }

    /// <summary>To one member, for them.</summary>
    public Dialect<byte[]> ToYou { get; }

    /// <summary>To one member, for the one who wrote it.</summary>
    public Dialect<byte[]> FromYou { get; }

    /// <summary>The day of a message where the hub is.</summary>
    public DateOnly DayOf(Message message) => DateOnly.FromDateTime(Local(message.At).DateTime);

    /// <summary>A moment where the hub is.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone);

    private string Clock(Message message) => Local(message.At).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static byte[] Encode(Message message, string head) =>
        Encoding.UTF8.GetBytes($"{head}{message.Text.Replace("\n", $"\r\n{Indent}", StringComparison.Ordinal)}\r\n");
}
