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
        Here = Dialect(_messages.Here);
        Elsewhere = Dialect(_messages.Elsewhere);
        ToYou = Dialect(_messages.ToYou);
        FromYou = Dialect(_messages.FromYou);
    }

    /// <summary>In the room that the client is looking at.</summary>
    public Dialect<TextLine> Here { get; }

    /// <summary>In another room.</summary>
    public Dialect<TextLine> Elsewhere { get; }

    /// <summary>To one member, for them.</summary>
    public Dialect<TextLine> ToYou { get; }

    /// <summary>To one member, for the one who wrote it.</summary>
    public Dialect<TextLine> FromYou { get; }

    /// <inheritdoc cref="PlainMessages.DayOf"/>
    public int DayOf(DateTimeOffset at) => _messages.DayOf(at);

    private Dialect<TextLine> Dialect(Func<Message, string> line) => new(message =>
    {
        string lines = line(message).Replace("\n", "\r\n", StringComparison.Ordinal);
        return new TextLine(Encoding.UTF8.GetBytes($"{lines}\r\n"), _messages.DayOf(message.At));
    });
}
