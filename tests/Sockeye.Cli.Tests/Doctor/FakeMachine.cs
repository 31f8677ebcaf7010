using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Doctor;

namespace Sockeye.Cli.Tests.Doctor;

/// <summary>A machine on which everything works, until a test breaks it.</summary>
internal sealed class FakeMachine : Machine
{
    public const string Itself = "here";

    public Dictionary<string, string> Files { get; } = new()
    {
        ["/etc/resolv.conf"] = "# made by hand\nnameserver 192.0.2.53\nnameserver 192.0.2.54\n",
        ["/etc/nsswitch.conf"] = "passwd: files\nhosts: files dns # as ever\n",
        ["/etc/hosts"] = "127.0.0.1 localhost\n",
        ["/proc/self/status"] = "Name:\tsockeye\nPPid:\t77\nGid:\t1000\t1000\t1000\t1000\nGroups:\t1000 2000\nCapEff:\t0000000000002400\nSeccomp:\t0\n",
        ["/proc/self/limits"] = "Limit Soft Limit Hard Limit Units\nMax open files            524288               524288               files\n",
        ["/proc/77/limits"] = "Max open files            1024                 524288               files\n",
        ["/proc/net/if_inet6"] = "00000000000000000000000000000001 01 80 10 80 lo\n",
        ["/proc/net/route"] = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
        ["/proc/net/ipv6_route"] = $"{new string('0', 32)} 00 {new string('0', 32)} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n",
        ["/proc/net/sockstat"] = "sockets: used 5\nTCP: inuse 5 orphan 0 tw 12 alloc 9 mem 3\n",
        ["/proc/net/netstat"] = "TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 0 0 0\n",
        ["/proc/sys/fs/file-nr"] = "1000\t0\t100000\n",
        ["/proc/sys/kernel/osrelease"] = "6.1.0\n",
        ["/proc/sys/net/core/somaxconn"] = "4096\n",
        ["/proc/sys/net/ipv4/ip_local_port_range"] = "32768\t60999\n",
        ["/proc/sys/net/ipv4/ip_unprivileged_port_start"] = "1024\n",
        ["/proc/sys/net/ipv4/ping_group_range"] = "0\t2147483647\n",
        ["/proc/sys/net/ipv4/tcp_abort_on_overflow"] = "0\n",
        ["/proc/sys/net/ipv4/tcp_max_orphans"] = "1000\n",
        ["/proc/sys/net/ipv4/tcp_max_syn_backlog"] = "1024\n",
        ["/proc/sys/net/ipv4/tcp_mem"] = "100\t200\t300\n",
        ["/proc/sys/net/ipv4/tcp_syncookies"] = "1\n",
        ["/proc/sys/net/ipv6/bindv6only"] = "0\n",
        ["/proc/sys/net/ipv6/conf/all/disable_ipv6"] = "0\n",
        ["/proc/sys/net/ipv6/conf/lo/disable_ipv6"] = "0\n",
        ["/proc/sys/net/netfilter/nf_conntrack_count"] = "10\n",
        ["/proc/sys/net/netfilter/nf_conntrack_max"] = "1000\n",
        ["/sys/devices/system/clocksource/clocksource0/current_clocksource"] = "tsc\n",
    };

    public Dictionary<string, string> Variables { get; } = [];

    public Dictionary<string, IPAddress[]> Hosts { get; } = new()
    {
        ["localhost"] = [IPAddress.Loopback, IPAddress.IPv6Loopback],
        [Itself] = [IPAddress.Parse("192.0.2.7")],
    };

    /// <summary>Names for which no answer ever comes.</summary>
    public HashSet<string> SilentNames { get; } = [];

    /// <summary>Servers and loopback addresses that take everything and say nothing.</summary>
    public HashSet<string> SilentAddresses { get; } = [];

    public Dictionary<string, SocketError> Unreachable { get; } = [];

    public Dictionary<string, string> Programs { get; } = new() { ["nft"] = "" };

    /// <summary>Ends of end points that cannot be bound, and what is said then.</summary>
    public Dictionary<string, SocketException> Taken { get; } = [];

    public List<MachineLink> Interfaces { get; } =
    [
        new("lo", true, true, 65536, [IPAddress.Loopback, IPAddress.IPv6Loopback]),
        new("eth0", true, false, 1500, [IPAddress.Parse("192.0.2.7")]),
    ];

    public MovableClock Clock { get; } = new();

    public int IoUringError { get; set; }

    public int EpollError { get; set; }

    public bool? IsSynchronized { get; set; } = true;

    public bool RunsLinux { get; set; } = true;

    public string Temporary { get; set; } = "/tmp";

    public override bool IsLinux => RunsLinux;

    public override TimeProvider Time => Clock;

    public override string HostName => Itself;

    public override string DataDirectory => "/home/somebody/.local/share/sockeye";

    public override string TemporaryDirectory => Temporary;

    public override IReadOnlyList<MachineLink> Links => Interfaces;

    public override string? Read(string path) => Files.GetValueOrDefault(path);

    public override bool HasDirectory(string path) => path.StartsWith("/tmp", StringComparison.Ordinal);

    public override string? Variable(string name) => Variables.GetValueOrDefault(name);

    public override async ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (SilentNames.Contains(name))
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return Hosts.GetValueOrDefault(name) ?? throw new SocketException((int)SocketError.HostNotFound);
    }

    public override void Bind(EndPoint local, ProtocolType protocol)
    {
        string name = $"{protocol} {local}";
        if (Taken.FirstOrDefault(each => name.Contains(each.Key, StringComparison.Ordinal)).Value is { } failure)
            throw failure;
    }

    public override ValueTask SpeakToItselfAsync(IPAddress address, CancellationToken cancellationToken) => AskAsync($"{address}", cancellationToken);

    public override ValueTask AskNameServerAsync(IPEndPoint server, CancellationToken cancellationToken) => AskAsync($"{server.Address}", cancellationToken);

    public override int TryIoUring() => IoUringError;

    public override int TryEpoll() => EpollError;

    public override bool? IsClockSynchronized() => IsSynchronized;

    public override ValueTask<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken) => new(Programs.GetValueOrDefault(program));

    private async ValueTask AskAsync(string address, CancellationToken cancellationToken)
    {
        if (SilentAddresses.Contains(address))
            await Task.Delay(Timeout.Infinite, cancellationToken);
        if (Unreachable.TryGetValue(address, out SocketError error))
            throw new SocketException((int)error);
    }
}
