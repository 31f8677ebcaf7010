namespace Sockeye.Cli.Doctor.Checks;

/// <summary>epoll(7) is what every socket of .NET, Sockeye's too, waits by.</summary>
internal sealed class EpollCheck() : LinuxCheck(DoctorGroup.Kernel, "epoll", "whether epoll, by which sockets are waited for, works")
{
    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        int error = machine.TryEpoll();
        yield return error switch
        {
            0 => Finding.Ok("epoll works"),
            Errno.NotPermitted or Errno.NoSuchCall => Finding.Problem($"epoll is forbidden (errno {error}), by a seccomp filter: no socket can be waited for", "docker run --security-opt seccomp=unconfined …"),
            Errno.ProcessHasTooMany or Errno.SystemHasTooMany => Finding.Problem($"epoll has no descriptor left (errno {error})", "ulimit -n 1024"),
            _ => Finding.Problem($"epoll does not work (errno {error}): no socket can be waited for", "sudo dmesg | tail"),
        };
    }
}
