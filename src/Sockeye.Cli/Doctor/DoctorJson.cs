using System.Text.Json;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Doctor;

/// <summary>The same for programs, one JSON object a line: docs/cli-json.md.</summary>
internal sealed class DoctorJson(TextWriter output, TimeProvider time) : DoctorReport
{
    public override void Show(DoctorCheck check, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            Write("finding", json =>
            {
                WriteNames(json, check);
                json.WriteString("severity", DoctorText.Word(finding.Severity));
                json.WriteString("message", finding.Message);
                JsonLine.Write(json, "advice", finding.Advice);
            });
        }
    }

    public override void LeftOut(DoctorCheck check) => Write("omitted", json => WriteNames(json, check));

    public override void End(IReadOnlyDictionary<Severity, int> counts, TimeSpan elapsed) => Write("summary", json =>
    {
        json.WriteNumber("problems", counts[Severity.Problem]);
        json.WriteNumber("warnings", counts[Severity.Warning]);
        json.WriteNumber("notes", counts[Severity.Note]);
        json.WriteNumber("ok", counts[Severity.Ok]);
        json.WriteNumber("milliseconds", Math.Round(elapsed.TotalMilliseconds, 4));
    });

    public override void List(DoctorCheck check) => Write("check", json =>
    {
        WriteNames(json, check);
        json.WriteString("message", check.About);
    });

    private static void WriteNames(Utf8JsonWriter json, DoctorCheck check)
    {
        json.WriteString("check", check.Name);
        json.WriteString("group", check.Group);
    }

    private void Write(string name, Action<Utf8JsonWriter> writeFields) => output.WriteLine(JsonLine.Format(name, time.GetUtcNow(), writeFields));
}
