using System.Diagnostics;
using System.Text.Json;
using Sockeye.Cli.Doctor;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>
/// <c>sockeye doctor</c> on real kernels that are broken one way each: in network and mount namespaces of its own, so that the machine stays as it is.
/// </summary>
public class DoctorProcessTests
{
    /// <summary>put PATH TEXT: another file in the place of one of the system's.</summary>
    private const string Put = "put() { f=$(mktemp) && printf \"$2\" >$f && chmod a+r $f && mount --bind $f $1 && rm $f; }; ";

    /// <summary>Names come from the files and servers of a test, and from no service of the machine.</summary>
    private const string PutNames = Put + "put /etc/nsswitch.conf 'hosts: files dns\\n'; ";

    private const string Up = "ip link set lo up; ";
    private const string Run = "exec \"$0\" \"$@\"";
    private const string WithoutCapabilities = "exec setpriv --inh-caps=-all --bounding-set=-all \"$0\" \"$@\"";

    /// <summary>Holds a TCP port, and runs a program.</summary>
    private const string Hold = """
        import socket, subprocess, sys
        held = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        sys.exit(subprocess.call(sys.argv[2:]))
        """;

    /// <summary>A name server that says nothing, or answers what it was asked.</summary>
    private const string NameServer = """
        import socket, subprocess, sys, threading
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 53))
        def serve():
            while True:
                question, who = server.recvfrom(512)
                server.sendto(question[:2] + b"\x81\x80" + question[4:], who)
        if sys.argv[1] == "answer":
            threading.Thread(target=serve, daemon=True).start()
        sys.exit(subprocess.call(sys.argv[2:]))
        """;

    private static readonly (string Check, string Script, Severity Severity, string Message)[] Breakages =
    [
        ("localhost", PutNames + "put /etc/hosts '10.9.9.9 localhost\\n'; " + Up + Run, Severity.Problem, "localhost is 10.9.9.9"),
        ("host-name", PutNames + "hostname nowhere-to-be-found; put /etc/hosts '127.0.0.1 localhost\\n10.9.9.9 nowhere-to-be-found\\n'; " + Run, Severity.Warning, "own name nowhere-to-be-found"),
        ("resolver", Put + "put /etc/resolv.conf '# nothing\\n'; " + Run, Severity.Warning, "names no name server"),
        ("name-servers", Put + "put /etc/resolv.conf 'nameserver 127.0.0.1\\n'; " + Up + Run, Severity.Problem, "127.0.0.1 cannot be asked"),
        ("loopback", Run, Severity.Problem, "lo is down"),
        ("ipv6", Up + "sysctl -qw net.ipv6.conf.all.disable_ipv6=1; " + Run, Severity.Warning, "IPv6 is switched off (all)"),
        ("routes", Up + Run, Severity.Warning, "no default route"),
        ("mtu", "ip link set lo up mtu 1000; " + Run, Severity.Warning, "lo takes packets of up to 1000 bytes"),
        ("proxies", "export http_proxy=http://me:secret@127.0.0.1:3128; unset no_proxy NO_PROXY; " + Run, Severity.Warning, "no_proxy does not name localhost"),
        ("firewall", "nft add table inet f && nft 'add chain inet f i { type filter hook input priority 0; policy drop; }'; " + Run, Severity.Warning, "policy drop"),
        ("conntrack", "mount -t tmpfs none /proc/sys/net; mkdir /proc/sys/net/netfilter; echo 99 >/proc/sys/net/netfilter/nf_conntrack_count; echo 100 >/proc/sys/net/netfilter/nf_conntrack_max; " + Run, Severity.Problem, "99 of 100 connections"),
        ("ports", Up + $"exec python3 -c '{Hold}' 8888 \"$0\" \"$@\"", Severity.Warning, "python3 (process "),
        ("low-ports", WithoutCapabilities, Severity.Note, "are for root"),
        ("ephemeral-ports", "sysctl -qw net.ipv4.ip_local_port_range='60000 60099'; " + Run, Severity.Warning, "only 100 ports"),
        ("descriptors", "ulimit -n 300; " + Run, Severity.Warning, "at most 300 descriptors"),
        ("backlog", "sysctl -qw net.core.somaxconn=16; " + Run, Severity.Warning, "at most 16 connections wait"),
        ("tcp-memory", "mount -t tmpfs none /proc/sys/net; mkdir /proc/sys/net/ipv4; echo 0 0 0 >/proc/sys/net/ipv4/tcp_mem; " + Run, Severity.Problem, "pages of memory: connections are slowed down"),
        ("epoll", $"exec python3 -c '{Seccomp.Forbid}' epoll \"$0\" \"$@\"", Severity.Problem, "epoll is forbidden"),
        ("io-uring", $"exec python3 -c '{Seccomp.Forbid}' io_uring \"$0\" \"$@\"", Severity.Note, "io_uring"),
        ("ping-sockets", "sysctl -qw net.ipv4.ping_group_range='1 0'; " + WithoutCapabilities, Severity.Warning, "sockeye ping does not work"),
        ("capture", WithoutCapabilities, Severity.Note, "packets cannot be captured"),
        ("unix-sockets", "export TMPDIR=/proc; " + Run, Severity.Problem, "no Unix socket can be bound in /proc"),
        ("clock", Put + "put /sys/devices/system/clocksource/clocksource0/current_clocksource 'hpet\\n'; " + Run, Severity.Warning, "read from hpet"),
    ];

    public static TheoryData<string> Names => [.. DoctorChecks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_check_finds_what_is_broken(string check)
    {
        (_, string script, Severity severity, string message) = Assert.Single(Breakages, breakage => breakage.Check == check);
        if (check == "firewall" && !new[] { "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft" }.Any(File.Exists))
            Assert.Skip("nft is not installed (Debian's package nftables).");
        using SockeyeProcess doctor = InNamespace(script, "doctor", "--only", check, "--timeout", "1m", "--json");
        int code = await doctor.EndAsync();
        Assert.Empty(doctor.Errors.All);
        JsonElement[] findings = Findings(doctor);
        Assert.Contains(findings, finding =>
            finding.GetProperty("check").GetString() == check
            && finding.GetProperty("severity").GetString() == DoctorText.Word(severity)
            && finding.GetProperty("message").GetString()!.Contains(message, StringComparison.Ordinal));
        Assert.Equal(findings.Any(finding => finding.GetProperty("severity").GetString() == "problem") ? ExitCodes.NetworkFailed : ExitCodes.Done, code);
        Assert.DoesNotContain(doctor.Output.All, line => line.Contains("secret", StringComparison.Ordinal));
    }

    /// <summary>The commands that are to help do, as they stand there but for the sudo.</summary>
    [Theory]
    [InlineData("loopback", "")]
    [InlineData("backlog", "sysctl -qw net.core.somaxconn=16; ")]
    [InlineData("ipv6", "ip link set lo up; sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ")]
    [InlineData("mtu", "ip link set lo up mtu 1000; ")]
    [InlineData("ephemeral-ports", "sysctl -qw net.ipv4.ip_local_port_range='60000 60099'; ")]
    public async Task What_is_advised_helps(string check, string breaking)
    {
        string[] arguments = ["doctor", "--only", check, "--timeout", "1m", "--json"];
        using SockeyeProcess broken = InNamespace(breaking + Run, arguments);
        await broken.EndAsync();
        string advice = Findings(broken).First(IsBad).GetProperty("advice").GetString()!;
        using SockeyeProcess mended = InNamespace($"{breaking}{advice.Replace("sudo ", "", StringComparison.Ordinal)} >&2 || exit 99; {Run}", arguments);
        Assert.Equal(ExitCodes.Done, await mended.EndAsync());
        Assert.DoesNotContain(Findings(mended), IsBad);
    }

    [Theory]
    [InlineData("say nothing", "problem", "does not answer")]
    [InlineData("answer", "ok", "127.0.0.1 answers")]
    public async Task A_name_server_is_asked(string behaviour, string severity, string message)
    {
        // What never comes is waited for half as long as the check may take.
        string timeout = severity == "ok" ? "2m" : "20s";
        using SockeyeProcess doctor = InNamespace(
            $"{Put}put /etc/resolv.conf 'nameserver 127.0.0.1\\n'; {Up}exec python3 -c '{NameServer}' '{behaviour}' \"$0\" \"$@\"", "doctor", "--only", "name-servers", "--timeout", timeout, "--json");
        await doctor.EndAsync();
        JsonElement finding = Assert.Single(Findings(doctor));
        Assert.Equal(severity, finding.GetProperty("severity").GetString());
        Assert.Contains(message, finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The C library asks a name server that says nothing for five seconds and more; the doctor does not wait for it.</summary>
    [Fact]
    public async Task A_dead_resolver_holds_nothing_up()
    {
        using SockeyeProcess doctor = InNamespace(
            $"{PutNames}hostname nowhere-to-be-found; put /etc/hosts '127.0.0.1 nobody\\n'; put /etc/resolv.conf 'nameserver 127.0.0.1\\noptions timeout:30 attempts:5\\n'; {Up}exec python3 -c '{NameServer}' 'say nothing' \"$0\" \"$@\"",
            "doctor", "--timeout", "2s", "--json");
        await doctor.EndAsync();
        Assert.Empty(doctor.Errors.All);
        Assert.Equal(DoctorChecks.Names.Order(), Findings(doctor).Select(finding => finding.GetProperty("check").GetString()).Distinct().Order());
    }

    [Fact]
    public async Task A_port_that_is_asked_for_names_who_has_it()
    {
        using SockeyeProcess doctor = InNamespace(Up + $"exec python3 -c '{Hold}' 4711 \"$0\" \"$@\"", "doctor", "--only", "ports", "--port", "4711", "4712/udp", "--timeout", "1m");
        Assert.Equal(ExitCodes.NetworkFailed, await doctor.EndAsync());
        Assert.Contains(doctor.Output.All, line => line.Contains("tcp://0.0.0.0:4711", StringComparison.Ordinal) && line.Contains("python3 (process ", StringComparison.Ordinal));
        Assert.Contains(doctor.Output.All, line => line.EndsWith("UDP port 4712 is free", StringComparison.Ordinal));
    }

    /// <summary>A container that hides what the kernel tells.</summary>
    [Fact]
    public async Task Without_proc_and_sys_it_still_works()
    {
        using SockeyeProcess doctor = InNamespace("mount -t tmpfs none /proc/sys; mount -t tmpfs none /sys; " + Up + Run, "doctor", "--timeout", "1m", "--json");
        await doctor.EndAsync();
        Assert.Empty(doctor.Errors.All);
        Assert.Equal(DoctorChecks.Names.Order(), Findings(doctor).Select(finding => finding.GetProperty("check").GetString()).Distinct().Order());
    }

    /// <summary>A folder of its own for what does not last, and the settings of a network namespace of its own: both are as they were.</summary>
    [Fact]
    public async Task It_changes_nothing()
    {
        const string Show = "{ ls -a $TMPDIR; sysctl -a 2>/dev/null | grep '^net' | grep -v -e count -e orphan | sort; } | cksum >&2; ";
        using SockeyeProcess doctor = InNamespace(
            $"{Up}export TMPDIR=$(mktemp -d); touch $TMPDIR/mine; export DOTNET_EnableDiagnostics=0; {Show}\"$0\" \"$@\"; {Show}rm -r $TMPDIR", "doctor", "--timeout", "1m", "--json");
        await doctor.EndAsync();
        Assert.Equal(2, doctor.Errors.All.Length);
        Assert.Equal(doctor.Errors.All[0], doctor.Errors.All[1]);
    }

    private static bool IsBad(JsonElement finding) => finding.GetProperty("severity").GetString() is "warning" or "problem";

    private static JsonElement[] Findings(SockeyeProcess doctor) =>
        [.. doctor.Output.All.Select(line => JsonDocument.Parse(line).RootElement).Where(each => each.GetProperty("event").GetString() == "finding")];

    private static SockeyeProcess InNamespace(string script, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("unshare", ["-n", "-m", "-u", "mount", "-t", "tmpfs", "none", "/proc/sys/net"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            Assert.Skip("Namespaces with mounts of their own need root.");
        return SockeyeProcess.StartThrough(["unshare", "-n", "-m", "-u", "sh", "-c", script], arguments);
    }
}
