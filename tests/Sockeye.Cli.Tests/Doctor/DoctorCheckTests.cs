using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Doctor;
using Sockeye.Cli.Doctor.Checks;

namespace Sockeye.Cli.Tests.Doctor;

/// <summary>Every check on a machine that works, and on machines that are broken one way each. DoctorProcessTests breaks real ones.</summary>
public class DoctorCheckTests
{
    private const string Ip4 = "/proc/sys/net/ipv4/";

    private static readonly Breakage[] Breakages =
    [
        new("localhost", m => m.Hosts.Remove("localhost"), Severity.Problem, ""),
        new("localhost", m => m.Hosts["localhost"] = [IPAddress.Parse("192.0.2.1")], Severity.Problem, "localhost is 192.0.2.1"),
        new("localhost", m => m.Hosts["localhost"] = [IPAddress.IPv6Loopback], Severity.Problem, "no IPv4 address"),
        new("localhost", m => m.Hosts["localhost"] = [IPAddress.Loopback], Severity.Warning, "not ::1"),
        new("host-name", m => m.Hosts.Remove(FakeMachine.Itself), Severity.Warning, "does not resolve"),
        new("host-name", m => m.Hosts[FakeMachine.Itself] = [IPAddress.Parse("192.0.2.9")], Severity.Warning, "no interface here has that address"),
        new("host-name", m => m.SilentNames.Add(FakeMachine.Itself), Severity.Warning, "nobody answers"),
        new("resolver", m => m.Files.Remove("/etc/resolv.conf"), Severity.Warning, "there is no /etc/resolv.conf"),
        new("resolver", m => m.Files["/etc/resolv.conf"] = "# nameserver 192.0.2.1\n", Severity.Warning, "names no name server"),
        new("resolver", m => m.Files["/etc/resolv.conf"] = string.Concat(Enumerable.Repeat("nameserver 192.0.2.1\n", 4)), Severity.Note, "only the first 3"),
        new("resolver", m => m.Files["/etc/nsswitch.conf"] = "hosts: dns\n", Severity.Warning, "\"files\""),
        new("resolver", m => m.Files["/etc/nsswitch.conf"] = "hosts: files\n", Severity.Warning, "neither by \"dns\""),
        new("resolver", m => m.Files.Remove("/etc/hosts"), Severity.Note, "no /etc/hosts"),
        new("name-servers", m => m.SilentAddresses.Add("192.0.2.54"), Severity.Warning, "192.0.2.54 does not answer: names take longer"),
        new("name-servers", m => m.SilentAddresses.UnionWith(["192.0.2.53", "192.0.2.54"]), Severity.Problem, "192.0.2.53 does not answer"),
        new("name-servers", m => m.Unreachable["192.0.2.53"] = SocketError.ConnectionRefused, Severity.Warning, "192.0.2.53 cannot be asked"),
        new("name-servers", m => m.Files["/etc/resolv.conf"] = "nameserver dns.example\n", Severity.Problem, "dns.example is no address"),
        new("loopback", m => m.Interfaces[0] = m.Interfaces[0] with { IsUp = false }, Severity.Problem, "lo is down"),
        new("loopback", m => m.Unreachable["127.0.0.1"] = SocketError.NetworkUnreachable, Severity.Problem, "127.0.0.1 does not work"),
        new("loopback", m => m.SilentAddresses.Add("127.0.0.1"), Severity.Problem, "something drops its packets"),
        new("ipv6", m => m.Files.Remove("/proc/net/if_inet6"), Severity.Warning, "the kernel has no IPv6"),
        new("ipv6", m => m.Files["/proc/sys/net/ipv6/conf/all/disable_ipv6"] = "1", Severity.Warning, "switched off (all)"),
        new("ipv6", m => m.Files["/proc/sys/net/ipv6/conf/lo/disable_ipv6"] = "1", Severity.Warning, "switched off (lo)"),
        new("ipv6", m => m.Files["/proc/net/if_inet6"] = "", Severity.Warning, "no interface has ::1"),
        new("ipv6", m => m.Files["/proc/sys/net/ipv6/bindv6only"] = "1", Severity.Note, "bindv6only"),
        new("ipv6", m => m.Unreachable["::1"] = SocketError.NetworkUnreachable, Severity.Problem, "::1 does not work"),
        new("routes", m => m.Files["/proc/net/ipv6_route"] = m.Files["/proc/net/route"] = "", Severity.Warning, "no default route"),
        new("routes", m => m.Files["/proc/net/route"] = "", Severity.Note, "none for IPv4"),
        new("routes", m => m.Files["/proc/net/route"] = m.Files["/proc/net/route"].Replace("\t0003\t", "\t0203\t", StringComparison.Ordinal), Severity.Note, "none for IPv4"),
        new("mtu", m => m.Interfaces[1] = m.Interfaces[1] with { Mtu = 1000 }, Severity.Warning, "eth0 takes packets of up to 1000 bytes: IPv6"),
        new("mtu", m => m.Interfaces[1] = m.Interfaces[1] with { Mtu = 1420 }, Severity.Note, "as tunnels do"),
        new("proxies", m => m.Variables["https_proxy"] = "http://proxy:3128", Severity.Warning, "no_proxy does not name localhost"),
        new("proxies", m => (m.Variables["http_proxy"], m.Variables["no_proxy"]) = ("http://me:secret@proxy:3128", "localhost"), Severity.Note, "http_proxy=http://proxy:3128:"),
        new("firewall", m => m.Programs["nft"] = "table inet f {\n chain i {\n  type filter hook input priority 0; policy drop;\n }\n}", Severity.Warning, "policy drop"),
        new("firewall", m => m.Programs["nft"] = "table inet f {\n chain i {\n  tcp dport 22 drop\n  tcp dport 23 counter packets 0 bytes 0 reject with tcp reset\n }\n}", Severity.Note, "2 rules drop or reject"),
        new("firewall", m => m.Files["/etc/ufw/ufw.conf"] = "# ufw\nENABLED=yes\n", Severity.Warning, "ufw is switched on"),
        new("firewall", m => m.Programs.Remove("nft"), Severity.Note, "cannot be seen"),
        new("firewall", BreakByIptables, Severity.Warning, "policy DROP"),
        new("conntrack", m => m.Files["/proc/sys/net/netfilter/nf_conntrack_count"] = "800", Severity.Warning, "800 of 1000"),
        new("conntrack", m => m.Files["/proc/sys/net/netfilter/nf_conntrack_count"] = "1000", Severity.Problem, "1000 of 1000"),
        new("ports", m => m.Taken[":8888"] = new SocketException((int)SocketError.AddressAlreadyInUse, "python3 (process 123) has it"), Severity.Warning, "python3 (process 123) has it; the hub takes"),
        new("ports", m => m.Taken["Udp 127.0.0.1:9000"] = new SocketException((int)SocketError.AddressAlreadyInUse, "nc has it"), Severity.Warning, "nc has it; the hub takes"),
        new("low-ports", m => m.Files["/proc/self/status"] = "CapEff:\t0000000000000000\n", Severity.Note, "ports below 1024 are for root"),
        new("ephemeral-ports", m => m.Files[Ip4 + "ip_local_port_range"] = "60000 60099", Severity.Warning, "only 100 ports"),
        new("ephemeral-ports", m => m.Files["/proc/net/sockstat"] = "TCP: inuse 5 orphan 0 tw 28000 alloc 9 mem 3\n", Severity.Warning, "28000 connections are in TIME-WAIT"),
        new("ephemeral-ports", m => m.Files[Ip4 + "ip_local_port_range"] = "1024 60999", Severity.Note, "8080, 8888, 9000"),
        new("ephemeral-ports", m => (m.Files[Ip4 + "ip_local_port_range"], m.Files[Ip4 + "ip_local_reserved_ports"]) = ("1024 60999", "8000-8100,8888"), Severity.Note, "9000 of the hub's"),
        new("descriptors", m => m.Files["/proc/self/limits"] = "Max open files 200 280 files", Severity.Warning, "at most 280 descriptors: a server of Sockeye's serves 200"),
        new("descriptors", m => m.Files["/proc/77/limits"] = "Max open files 256 524288 files", Severity.Warning, "begin with a limit of 256"),
        new("descriptors", m => m.Files["/proc/sys/fs/file-nr"] = "99000 0 100000", Severity.Problem, "99000 of the 100000"),
        new("backlog", m => m.Files["/proc/sys/net/core/somaxconn"] = "16", Severity.Warning, "at most 16 connections wait"),
        new("backlog", m => (m.Files[Ip4 + "tcp_max_syn_backlog"], m.Files[Ip4 + "tcp_syncookies"]) = ("8", "0"), Severity.Warning, "at most 8 connections may be in their handshake"),
        new("backlog", m => m.Files[Ip4 + "tcp_abort_on_overflow"] = "1", Severity.Note, "tcp_abort_on_overflow"),
        new("backlog", m => m.Files["/proc/net/netstat"] = "TcpExt: A ListenOverflows\nTcpExt: 0 17\n", Severity.Note, "17 connections found the queue"),
        new("tcp-memory", m => m.Files["/proc/net/sockstat"] = "TCP: inuse 5 orphan 0 tw 0 alloc 9 mem 250\n", Severity.Warning, "250 of at most 300 pages"),
        new("tcp-memory", m => m.Files["/proc/net/sockstat"] = "TCP: inuse 5 orphan 0 tw 0 alloc 9 mem 300\n", Severity.Problem, "slowed down to nothing"),
        new("tcp-memory", m => m.Files["/proc/net/sockstat"] = "TCP: inuse 5 orphan 950 tw 0 alloc 9 mem 3\n", Severity.Warning, "950 of at most 1000"),
        new("epoll", m => m.EpollError = Errno.NotPermitted, Severity.Problem, "seccomp"),
        new("epoll", m => m.EpollError = Errno.ProcessHasTooMany, Severity.Problem, "no descriptor left"),
        new("io-uring", m => m.IoUringError = Errno.NoSuchCall, Severity.Note, "(6.1.0) has no io_uring"),
        new("io-uring", m => (m.IoUringError, m.Files["/proc/sys/kernel/io_uring_disabled"]) = (Errno.NotPermitted, "2"), Severity.Note, "for everybody"),
        new("io-uring", m => (m.IoUringError, m.Files["/proc/sys/kernel/io_uring_disabled"]) = (Errno.NotPermitted, "1"), Severity.Note, "io_uring_group"),
        new("io-uring", m => (m.IoUringError, m.Files["/proc/self/status"]) = (Errno.NotPermitted, "Seccomp: 2"), Severity.Note, "a seccomp filter"),
        new("io-uring", m => m.IoUringError = Errno.NoMemory, Severity.Note, "locked memory"),
        new("ping-sockets", m => (m.Files[Ip4 + "ping_group_range"], m.Files["/proc/self/status"]) = ("1 0", "Gid: 0 0 0 0\nCapEff: 0\n"), Severity.Warning, "sockeye ping does not work"),
        new("capture", m => m.Files["/proc/self/status"] = "CapEff:\t0000000000000400\n", Severity.Note, "cannot be captured"),
        new("unix-sockets", m => m.Taken["/tmp/"] = new SocketException((int)SocketError.AccessDenied), Severity.Problem, "no Unix socket can be bound in /tmp"),
        new("unix-sockets", m => m.Temporary = "/tmp/" + new string('x', 100), Severity.Problem, "at most 10"),
        new("unix-sockets", m => m.Temporary = "/nowhere", Severity.Problem, "no directory /nowhere"),
        new("clock", m => m.Clock.Start = new DateTimeOffset(1970, 1, 1, 0, 0, 9, TimeSpan.Zero), Severity.Problem, "1970-01-01"),
        new("clock", m => m.Clock.Start = new DateTimeOffset(2107, 1, 1, 0, 0, 9, TimeSpan.Zero), Severity.Problem, "2107-01-01"),
        new("clock", m => m.Clock.Jump = TimeSpan.FromSeconds(-2.5), Severity.Warning, "put back by 2.5 s"),
        new("clock", m => m.Clock.Jump = TimeSpan.FromSeconds(1), Severity.Warning, "put forward by 1 s"),
        new("clock", m => m.IsSynchronized = false, Severity.Note, "nobody keeps the clock right"),
        new("clock", m => m.Files["/sys/devices/system/clocksource/clocksource0/current_clocksource"] = "hpet\n", Severity.Warning, "read from hpet"),
    ];

    public static TheoryData<string> Names => [.. DoctorChecks.Names];

    public static TheoryData<int, string> Cases
    {
        get
        {
            TheoryData<int, string> cases = [];
            for (int i = 0; i < Breakages.Length; i++)
                cases.Add(i, $"{Breakages[i].Check}: {Breakages[i].Message}");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_check_has_a_test_that_breaks_it(string name) => Assert.Contains(Breakages, breakage => breakage.Check == name);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_machine_that_works_there_is_nothing_to_say(string name)
    {
        IReadOnlyList<Finding> findings = await ExamineAsync(name, new FakeMachine { Patience = Lines.Patience });
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Equal(Severity.Ok, finding.Severity));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "xUnit1026", Justification = "The case's name is shown.")]
    public async Task What_is_broken_is_found(int index, string name)
    {
        Breakage breakage = Breakages[index];

        // Nothing here is waited for but what never comes.
        FakeMachine machine = new() { Patience = TimeSpan.FromMilliseconds(50) };
        breakage.Break(machine);
        IReadOnlyList<Finding> findings = await ExamineAsync(breakage.Check, machine);
        Finding found = Assert.Single(findings, finding => finding.Severity == breakage.Severity && finding.Message.Contains(breakage.Message, StringComparison.Ordinal));
        if (found.Severity > Severity.Note)
            Assert.NotNull(found.Advice);
        Assert.DoesNotContain("secret", found.Message, StringComparison.Ordinal);
    }

    /// <summary>As in containers that hide half of /proc, and on hostile ones.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("Max open files\nTCP: tw\nnameserver\nhosts:\nTcpExt:\nTcpExt:\nCapEff:zz\n99999999999999999999 -1")]
    public async Task Whatever_files_say_nothing_crashes(string? content)
    {
        foreach (string name in DoctorChecks.Names)
        {
            FakeMachine machine = new() { Patience = Lines.Patience };
            foreach (string file in machine.Files.Keys.ToArray())
            {
                machine.Files.Remove(file);
                if (content is not null)
                    machine.Files[file] = content;
            }

            machine.Interfaces.Clear();
            machine.Programs.Clear();
            if (content is not null)
                machine.Programs["nft"] = content;
            Assert.NotNull(await ExamineAsync(name, machine));
        }
    }

    [Theory]
    [InlineData("443", SocketError.AccessDenied, "ip_unprivileged_port_start=443")]
    [InlineData("53/udp", SocketError.AddressAlreadyInUse, "ss -ulnp")]
    public async Task Ports_that_are_asked_for_are_problems_when_they_cannot_be_used(string port, SocketError error, string advice)
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Taken[$":{port.Split('/')[0]}"] = new SocketException((int)error);
        Finding found = Assert.Single(await new PortsCheck([WantedPort.Parse(port)!.Value]).ExamineAsync(machine, TestContext.Current.CancellationToken));
        Assert.Equal(Severity.Problem, found.Severity);
        Assert.Contains(advice, found.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_in_IPv6_alone_is_taken()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Taken["Tcp [::]:80"] = new SocketException((int)SocketError.AddressAlreadyInUse);
        Assert.Equal(Severity.Problem, Assert.Single(await new PortsCheck([WantedPort.Parse("80/tcp")!.Value]).ExamineAsync(machine, TestContext.Current.CancellationToken)).Severity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("80/sctp")]
    [InlineData("80/udp/tcp")]
    public void What_is_no_port(string text) => Assert.Null(WantedPort.Parse(text));

    private static void BreakByIptables(FakeMachine machine)
    {
        machine.Programs.Remove("nft");
        machine.Programs["iptables"] = "-P INPUT DROP\n-P FORWARD ACCEPT\n-A INPUT -i lo -j ACCEPT\n";
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(string name, FakeMachine machine) =>
        await DoctorChecks.Create([]).Single(check => check.Name == name).ExamineAsync(machine, TestContext.Current.CancellationToken);
}
