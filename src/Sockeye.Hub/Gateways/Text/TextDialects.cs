using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>How lines look: UTF-8 with CR LF, as the network virtual terminal has it (RFC 854), which every terminal shows right.</summary>
internal sealed class TextDialects
{
    private readonly PlainMessages _messages;

    public TextDialects(TimeProvider time)
    {
        _messages = new PlainMessages(time);
        Here = new Dialect<byte[]>(message => Encode(_messages.Here(message)));
        Elsewhere = new Dialect<byte[]>(message => Encode(_messages.Elsewhere(message)));
        ToYou = new Dialect<byte[]>(message => Encode(_messages.ToYou(message)));
        FromYou = new Dialect<byte[]>(message => Encode(_messages.FromYou(message)));
    }

    /// <summary>In the room that the client is looking at.</summary>
    public Dialect<byte[]> Here { get; }

    /// <summary>In another room.</summary>
    public Dialect<byte[]> Elsewhere { get; }

    /// <summary>To one member, for them.</summary>
    public Dialect<byte[]> ToYou { get; }

    /// <summary>To one member, for the one who wrote it.</summary>
    public Dialect<byte[]> FromYou { get; }

    /// <inheritdoc cref="PlainMessages.DayLine"/>
    public string? DayLine(Message message, ref DateOnly? day, DateTimeOffset now) => _messages.DayLine(message, ref day, now);

    private static byte[] Encode(string lines) => Encoding.UTF8.GetBytes(lines.ReplaceLineEndings("\r\n") + "\r\n");
}
