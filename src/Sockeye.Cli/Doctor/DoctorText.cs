using Sockeye.Cli.Output;

namespace Sockeye.Cli.Doctor;

/// <summary>For people: a heading for each group, a line for each finding, and below it what to type.</summary>
internal sealed class DoctorText(TextWriter output, bool hasColours) : DoctorReport
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const string Dim = "\e[2m";
    private static readonly int NameColumns = DoctorChecks.Names.Max(name => name.Length) + 2;
    private static readonly int SeverityColumns = Enum.GetNames<Severity>().Max(name => name.Length) + 2;

    private readonly List<string> _leftOut = [];
    private string _group = "";

    public override void Show(DoctorCheck check, IReadOnlyList<Finding> findings)
    {
        if (findings.Count > 0)
            ShowGroup(check);
        foreach (Finding finding in findings)
        {
            string severity = Word(finding.Severity).PadRight(SeverityColumns);
            output.WriteLine($"  {Coloured(severity, ColourOf(finding.Severity))}{check.Name.PadRight(NameColumns)}{EscapedText.EscapeSentence(finding.Message)}");
            if (finding.Advice is { } advice)
                output.WriteLine($"{new string(' ', 2 + SeverityColumns + NameColumns)}{Coloured("try: " + EscapedText.EscapeSentence(advice), Dim)}");
        }
    }

    public override void LeftOut(DoctorCheck check) => _leftOut.Add(check.Name);

    public override void End(IReadOnlyDictionary<Severity, int> counts, TimeSpan elapsed)
    {
        if (_leftOut.Count > 0)
            output.WriteLine($"left out, as they are about Linux: {string.Join(", ", _leftOut)}");
        output.WriteLine($"{Count(counts[Severity.Problem], "problem")}, {Count(counts[Severity.Warning], "warning")}, {Count(counts[Severity.Note], "note")}, {counts[Severity.Ok]} ok");
    }

    public override void List(DoctorCheck check)
    {
        ShowGroup(check);
        output.WriteLine($"  {check.Name.PadRight(NameColumns)}{check.About}");
    }

    public static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Count(int count, string noun) => count switch
    {
        0 => $"no {noun}",
        1 => $"1 {noun}",
        _ => $"{count} {noun}s",
    };

    private static string ColourOf(Severity severity) => severity switch
    {
        Severity.Ok => "\e[32m",
        Severity.Note => "\e[36m",
        Severity.Warning => "\e[33m",
        _ => "\e[1;31m",
    };

    private void ShowGroup(DoctorCheck check)
    {
        if (_group == check.Group)
            return;
        _group = check.Group;
        output.WriteLine(Coloured(_group, Bold));
    }

    private string Coloured(string text, string colour) => hasColours ? colour + text + Reset : text;
}
