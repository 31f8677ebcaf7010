using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Watching;

/// <summary>
/// What of a frame may be shown to who watches: nothing that can hold a password. All that is not known to be harmless is hidden, so what comes new is hidden
/// until it is named here. The bytes that come from the network are never shown as such: only frames are, and only through this.
/// </summary>
internal readonly struct WireText
{
    /// <summary>The most characters of one event that are shown.</summary>
    public const int CharactersMax = 256;

    /// <summary>The most bytes of one event that can be searched and saved.</summary>
    public const int BytesMax = 32 * 1024;

    /// <summary>A frame that may hold a secret.</summary>
    public static readonly WireText Hidden;

    private static readonly string[] PlainCommands = ["help", "join", "leave", "rooms", "who", "msg", "tell", "history", "away", "quit", "to", "more", "listen"];
    private static readonly string[] SecretCommands = ["name", "password", "owner", "token"];

    private WireText(string shown, byte[] bytes) => (Shown, Bytes) = (shown, bytes);

    /// <summary>What may be shown; null: nothing.</summary>
    public string? Shown { get; }

    /// <summary>The same as bytes; null: nothing.</summary>
    public byte[]? Bytes { get; }

    /// <summary>What a client sent that became <paramref name="input"/>.</summary>
    /// <param name="input">What it became.</param>
    /// <param name="frame">All of it.</param>
    public static WireText Of(ChatInput.FromClient input, ReadOnlySpan<byte> frame) => input is
        ChatInput.Return or ChatInput.Join or ChatInput.Leave or ChatInput.Say or ChatInput.Tell or ChatInput.OpenDirect
        or ChatInput.SetAway or ChatInput.Type or ChatInput.TypeTo or ChatInput.MarkRead or ChatInput.ListRooms or ChatInput.ListPeople or ChatInput.ReadHistory
        ? OfBytes(frame) : Hidden;

    /// <summary>A line that was typed: of a command that may take a secret only the command is shown, and of one that is not known nothing.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isSecret">Whether a password was asked for.</param>
    public static WireText OfLine(string line, bool isSecret)
    {
        string trimmed = line.Trim();
        if (isSecret)
            return Hidden;
        if (!trimmed.StartsWith('/') || trimmed.StartsWith("//", StringComparison.Ordinal))
            return OfBytes(Encoding.UTF8.GetBytes(line));
        (string command, string rest) = PlainLine.Read(trimmed) is { Command: { } read } typed ? (read, typed.Rest) : ("", "");
        if (PlainCommands.Contains(command))
            return OfBytes(Encoding.UTF8.GetBytes(line));
        if (!SecretCommands.Contains(command))
            return Hidden;
        string shown = rest.Length > 0 ? $"/{command} ••••" : $"/{command}";
        return new WireText($"\"{shown}\"", Encoding.UTF8.GetBytes(shown));
    }

    /// <summary>The beginning of bytes that may be shown.</summary>
    public static WireText OfBytes(ReadOnlySpan<byte> bytes) => new(Quote(bytes), bytes[..Math.Min(bytes.Length, BytesMax)].ToArray());

    /// <summary>The beginning of bytes, in quotes, everything invisible as an escape.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        ByteText.AppendQuoted(text, bytes, CharactersMax);
        return text.ToString();
    }
}
