namespace Sockeye.Cli.Doctor;

/// <summary>A check that asks Linux's kernel and files, and waits for nobody.</summary>
internal abstract class LinuxCheck(string group, string name, string about) : DoctorCheck(group, name, about)
{
    public sealed override bool NeedsLinux => true;

    public sealed override ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken) => new([.. Examine(machine)]);

    protected abstract IEnumerable<Finding> Examine(Machine machine);
}
