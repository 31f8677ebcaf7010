using Sockeye.Cli.Doctor.Checks;

namespace Sockeye.Cli.Doctor;

/// <summary>All checks, in the order they are shown.</summary>
internal static class DoctorChecks
{
    public static IReadOnlyList<string> Names { get; } = [.. Create([]).Select(check => check.Name)];

    /// <param name="ports">Those to look at instead of the hub's; none: the hub's.</param>
    public static IReadOnlyList<DoctorCheck> Create(IReadOnlyList<WantedPort> ports) =>
    [
        new LocalhostCheck(),
        new HostNameCheck(),
        new ResolverCheck(),
        new NameServersCheck(),
        new LoopbackCheck(),
        new IPv6Check(),
        new RoutesCheck(),
        new MtuCheck(),
        new ProxiesCheck(),
        new FirewallCheck(),
        new ConnectionTrackingCheck(),
        new PortsCheck(ports),
        new LowPortsCheck(),
        new EphemeralPortsCheck(),
        new DescriptorsCheck(),
        new BacklogCheck(),
        new TcpMemoryCheck(),
        new EpollCheck(),
        new IoUringCheck(),
        new PingSocketsCheck(),
        new CaptureCheck(),
        new UnixSocketsCheck(),
        new ClockCheck(),
    ];
}
