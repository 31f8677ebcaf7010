using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Replaying;

/// <summary>For people: the report on standard output, where it listens on standard error.</summary>
internal sealed class ReplayText(TextWriter output, TextWriter error, int columns) : ReplayReport(output)
{
    private const string Indent = "    recorded: ";
    private const int HexBytesMax = 16;
    private const int TextColumnsMin = 20;

    public override void Listening(Address address) => error.WriteLine($"listening on {address}");

    protected override string FormatStream(Transcript transcript)
    {
        string missing = transcript.Gaps.Count == 0 ? "" : $"; {transcript.Gaps.Sum(gap => gap.Length)} bytes are missing";
        return $"{Name(transcript)}: {transcript.ClientLength} bytes of the client, {transcript.ServerLength} of the server"
            + missing + (transcript.IsSideGuessed ? "; its beginning is not there, so that which side is the client is guessed" : "");
    }

    protected override string Format(Transcript transcript, ReplayResult result)
    {
        if (result.Difference is not { } difference)
            return $"{Name(transcript)}: as recorded; {result.BytesSent} bytes sent, {result.BytesReceived} received";
        return $"{Name(transcript)}: {difference.Message}\n{Indent}{Bytes(difference.Expected.Span, "nothing more")}\n{"came: ".PadLeft(Indent.Length)}{Bytes(difference.Actual.Span, "nothing")}";
    }

    private static string Name(Transcript transcript) => $"{transcript.Number}  {transcript.Client} -> {transcript.Server}";

    private string Bytes(ReadOnlySpan<byte> bytes, string none)
    {
        if (bytes.IsEmpty)
            return none;
        StringBuilder hex = new(" ");
        foreach (byte value in bytes[..Math.Min(bytes.Length, HexBytesMax)])
            hex.Append(' ').Append(value.ToString("x2"));
        if (bytes.Length > HexBytesMax)
            hex.Append(" …");
        return $"\"{EscapedText.Escape(bytes, Math.Max(TextColumnsMin, columns - Indent.Length - (3 * HexBytesMax) - 6))}\"{hex}";
    }
}
