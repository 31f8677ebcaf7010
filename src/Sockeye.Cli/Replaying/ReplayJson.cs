using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Replaying;

/// <summary>The same for programs, one JSON object a line: docs/cli-json.md.</summary>
internal sealed class ReplayJson(TextWriter output, TimeProvider time) : ReplayReport(output)
{
    private readonly TextWriter _output = output;

    public override void Listening(Address address) => _output.WriteLine(Object("listening", json => json.WriteString("address", address.ToString())));

    protected override string FormatStream(Transcript transcript) => Object("stream", json =>
    {
        Write(json, transcript);
        json.WriteNumber("clientBytes", transcript.ClientLength);
        json.WriteNumber("serverBytes", transcript.ServerLength);
        json.WriteNumber("missing", transcript.Gaps.Sum(gap => gap.Length));
        json.WriteBoolean("guessed", transcript.IsSideGuessed);
    });

    protected override string Format(Transcript transcript, ReplayResult result) => Object(result.Difference is null ? "same" : "difference", json =>
    {
        Write(json, transcript);
        json.WriteNumber("sent", result.BytesSent);
        json.WriteNumber("received", result.BytesReceived);
        json.WriteNumber("milliseconds", Math.Round(result.Elapsed.TotalMilliseconds, 3));
        if (result.Difference is not { } difference)
            return;
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName($"{difference.Kind}"));
        json.WriteNumber("offset", difference.Offset);
        JsonLine.Write(json, "frame", difference.Frame);
        json.WriteString("message", difference.Message);
        Write(json, "expected", difference.Expected);
        Write(json, "actual", difference.Actual);
    });

    private string Object(string name, Action<Utf8JsonWriter> writeFields) => JsonLine.Format(name, time.GetUtcNow(), writeFields);

    private static void Write(Utf8JsonWriter json, Transcript transcript)
    {
        json.WriteNumber("stream", transcript.Number);
        json.WriteString("client", transcript.Client.ToString());
        json.WriteString("server", transcript.Server.ToString());
    }

    private static void Write(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> bytes)
    {
        json.WriteStartObject(name);
        JsonFormat.WriteBytes(json, bytes.ToArray(), bytes.Length);
        json.WriteEndObject();
    }
}
