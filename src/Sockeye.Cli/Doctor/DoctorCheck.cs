namespace Sockeye.Cli.Doctor;

/// <summary>One question about a machine. It changes nothing, needs no privilege, and copes with anything that is not there.</summary>
internal abstract class DoctorCheck(string group, string name, string about)
{
    /// <summary>The heading it is shown under.</summary>
    public string Group => group;

    /// <summary>What <c>--only</c> calls it.</summary>
    public string Name => name;

    /// <summary>What it looks at.</summary>
    public string About => about;

    /// <summary>Whether what it looks at is Linux's alone.</summary>
    public virtual bool NeedsLinux => false;

    public abstract ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken);
}
