namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether packets can be seen: sockeye trace shows the real segments then.</summary>
internal sealed class CaptureCheck() : LinuxCheck(DoctorGroup.Kernel, "capture", "whether packets can be captured (CAP_NET_RAW)")
{
    public const int RawSockets = 13; // CAP_NET_RAW, capabilities(7)

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        yield return machine.HasCapability(RawSockets)
            ? Finding.Ok("packets can be captured (CAP_NET_RAW)")
            : Finding.Note("packets cannot be captured without CAP_NET_RAW: sockeye trace shows no segments; tap and --pcap need none", "sudo sockeye trace …");
    }
}
