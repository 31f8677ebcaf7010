namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>One row of the catalogue: bytes that a peer sends, and what comes of them.</summary>
/// <param name="Id">Category and number.</param>
/// <param name="Category">What it is about.</param>
/// <param name="Section">The RFC's section.</param>
/// <param name="Name">In words.</param>
/// <param name="Frames">The bytes, given whom they go to: a server's are masked.</param>
/// <param name="Expected">The events as <see cref="WebSocketTranscript"/> writes them; <c>fail CODE</c> is the end.</param>
public sealed record WebSocketCase(string Id, string Category, string Section, string Name, Func<bool, byte[]> Frames, string Expected)
{
    public int MessageSizeMax { get; init; } = 1024 * 1024;

    /// <summary>The window agreed on; null: no compression was.</summary>
    public int? WindowBits { get; init; }

    public bool KeepsContext { get; init; } = true;

    public override string ToString() => $"{Id} {Name}";
}
