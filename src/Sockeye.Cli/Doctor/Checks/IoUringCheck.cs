namespace Sockeye.Cli.Doctor.Checks;

/// <summary>io_uring(7): whether it can be had, and if not, why. Sockeye waits by epoll and misses nothing.</summary>
internal sealed class IoUringCheck() : LinuxCheck(DoctorGroup.Kernel, "io-uring", "whether io_uring can be had, and why not")
{
    private const string NotNeeded = "; Sockeye does not need it";
    private const string Filtered = "2"; // proc(5), status: SECCOMP_MODE_FILTER

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        int error = machine.TryIoUring();
        yield return error switch
        {
            0 => Finding.Ok("io_uring can be had"),
            Errno.NoSuchCall => Finding.Note($"this kernel{Version(machine)} has no io_uring, or a seccomp filter hides it; it came with 5.1{NotNeeded}", "uname -r"),
            Errno.NotPermitted => Forbidden(machine),
            Errno.NoMemory => Finding.Note($"io_uring gets no locked memory{NotNeeded}", "ulimit -l unlimited"),
            _ => Finding.Note($"io_uring does not work (errno {error}){NotNeeded}"),
        };
    }

    private static Finding Forbidden(Machine machine) => machine.Number("/proc/sys/kernel/io_uring_disabled") switch
    {
        2 => Finding.Note($"io_uring is switched off for everybody (io_uring_disabled=2){NotNeeded}", "sudo sysctl -w kernel.io_uring_disabled=0"),
        1 => Finding.Note($"io_uring is for root and the group of kernel.io_uring_group (io_uring_disabled=1){NotNeeded}", "sudo sysctl -w kernel.io_uring_disabled=0"),
        _ when machine.Status("Seccomp") == Filtered => Finding.Note($"a seccomp filter, a container's as a rule, forbids io_uring{NotNeeded}", "docker run --security-opt seccomp=unconfined …"),
        _ => Finding.Note($"io_uring is forbidden{NotNeeded}"),
    };

    private static string Version(Machine machine) => machine.Read("/proc/sys/kernel/osrelease")?.Trim() is { Length: > 0 } version ? $" ({version})" : "";
}
