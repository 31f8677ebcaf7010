using System.Globalization;
using System.Text;

namespace Sockeye.Cli.Output;

/// <summary>
/// Events as lines for people. What came is cut to the terminal's width; everything else is whole, because the end of a line says why, and
/// what to try.
/// </summary>
internal sealed class TextFormat(Func<int> columns) : EventFormat
{
    /// <summary>The width of what is no terminal, and the least of what is one.</summary>
    public const int ColumnsDefault = 80;

    public override string Format(CliEvent happened)
    {
        if (happened.Kind == EventKind.Received)
            return EscapedText.Escape([.. Encoding.UTF8.GetBytes(Line(happened)), .. happened.Preview ?? []], Math.Max(columns(), ColumnsDefault / 2));

        // Names of sockets are strangers' bytes too; sentences have those escaped already.
        return EscapedText.EscapeSentence(Line(happened with { Address = Double(happened.Address), Peer = Double(happened.Peer), Target = Double(happened.Target) }));
    }

    private static string Line(CliEvent happened)
    {
        string who = happened.Connection is { } number ? $"#{number} {happened.Peer}" : happened.Peer ?? "";
        return happened.Kind switch
        {
            EventKind.Listening => $"listening on {happened.Address}",
            EventKind.Reachable => $"others in this network reach it at {happened.Address}",
            EventKind.Page => $"open {happened.Address} in a browser",
            EventKind.Owner => $"open {happened.Address} to become the owner of this hub; it works once, within 24 hours",
            EventKind.Connected when happened.Duration is { } time => string.Create(CultureInfo.InvariantCulture, $"connected to {happened.Peer} from {happened.Address} in {time.TotalMilliseconds:0.0##} ms{(happened.Tls is { } tls ? $" with TLS {tls}" : "")}"),
            EventKind.Certificate => $"certificate SHA-256 {happened.Fingerprint}{Because(happened.Message)}",
            EventKind.Connected => $"{who} connected to {happened.Address}{(happened.Tls is { } version ? $" with TLS {version}" : "")}",
            EventKind.Ended => $"{who}: {(happened.Direction == "sent" ? "our side has ended" : "the peer has ended its side")}{Because(happened.Message)}",
            EventKind.Exited => $"{who}: the command ended with {happened.ExitCode}",
            EventKind.Left when happened.Target is { } target => $"{who} left ({happened.Reason}): {Amount(happened.Bytes)} to {target}, {Amount(happened.Sent)} back, {Seconds(happened.Duration)}{Because(happened.Message)}",
            EventKind.Left when happened.Sent is { } sent =>
                $"{who} left ({happened.Reason}): {Count(happened.Bytes, "byte")} received, {sent} sent{Because(happened.Message)}",
            EventKind.Refused => $"{who} refused by {happened.Address}: {happened.Message}",
            EventKind.Received => $"{who} sent {Count(happened.Bytes, "byte")}{(happened.Bytes > 0 ? ": " : "")}",
            EventKind.Left => $"{who} left ({happened.Reason}){Because(happened.Message)}",
            EventKind.Notice => (who.Length == 0 ? "" : $"{who}: ") + Sentences.Continue(happened.Message ?? ""),
            EventKind.Stopping => $"stopping, with {Count(happened.Count, "connection")} open{Because(happened.Message)}",
            EventKind.Stopped => "stopped",
            EventKind.Lost => $"{Count(happened.Count, "line")} left out: the output is read too slowly",
            _ => happened.Kind.ToString(),
        };
    }

    private static string? Double(string? name) => name?.Replace(@"\", @"\\", StringComparison.Ordinal);

    private static string Count(long? count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Amount(long? bytes) => bytes == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{bytes:#,0} bytes");

    private static string Seconds(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time?.TotalSeconds:0.000} s");

    private static string Because(string? message) => message is null ? "" : $": {message}";
}
