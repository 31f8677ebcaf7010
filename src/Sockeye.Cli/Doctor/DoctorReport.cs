namespace Sockeye.Cli.Doctor;

/// <summary>Where the findings are shown.</summary>
internal abstract class DoctorReport
{
    /// <summary>What a check has found.</summary>
    public abstract void Show(DoctorCheck check, IReadOnlyList<Finding> findings);

    /// <summary>A check is about another system than this.</summary>
    public abstract void LeftOut(DoctorCheck check);

    /// <summary>That was all.</summary>
    public abstract void End(IReadOnlyDictionary<Severity, int> counts, TimeSpan elapsed);

    /// <summary>That there is such a check (<c>--list</c>).</summary>
    public abstract void List(DoctorCheck check);
}
