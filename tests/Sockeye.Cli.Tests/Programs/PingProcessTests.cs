using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>
/// <c>sockeye ping</c> against real kernels: this machine's, and that of a network namespace of its own, where ping sockets can be allowed and
/// answers forbidden without touching the machine.
/// </summary>
public class PingProcessTests
{
    private const string AsNobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" \"$@\"";

    /// <summary>Answers each echo request with an error that claims to come from 127.0.0.9.</summary>
    private const string Router = """
        import os, select, socket, struct, subprocess, sys
        subprocess.check_call(["ip", "link", "set", "lo", "up"])
        open("/proc/sys/net/ipv4/icmp_echo_ignore_all", "w").write("1")
        wrapper = []
        if sys.argv[1] == "nobody":
            open("/proc/sys/net/ipv4/ping_group_range", "w").write("0 65535")
            wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        heard = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        router = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        router.bind(("127.0.0.9", 0))
        ping = subprocess.Popen(wrapper + sys.argv[2:])
        while ping.poll() is None:
            if not select.select([heard], [], [], 0.05)[0]:
                continue
            packet = heard.recv(65535)
            header = (packet[0] & 15) * 4
            if packet[header] != 8:
                continue
            message = bytearray(struct.pack("!BBHI", 11, 0, 0, 0) + packet[:header + 8])
            total = sum(struct.unpack("!%dH" % (len(message) // 2), message))
            total = (total & 65535) + (total >> 16)
            total = (total & 65535) + (total >> 16)
            message[2:4] = struct.pack("!H", ~total & 65535)
            router.sendto(message, ("127.0.0.1", 0))
        sys.exit(ping.returncode)
        """;

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("icmp://[::1]", "::1")]
    public async Task A_host_answers(string host, string from)
    {
        using SockeyeProcess ping = InNamespace("ip link set lo up; exec \"$0\" \"$@\"", "ping", host, "--count", "3", "--interval", "10ms");
        Assert.Equal((ExitCodes.Done, ""), (await ping.EndAsync(), ProblemsOf(ping)));
        Assert.Equal(6, ping.Output.All.Length);
        for (int i = 0; i < 3; i++)
            Assert.Matches($@"^64 bytes from {from}: icmp_seq={i + 1} ttl=64 time=[\d.]+ ms$", ping.Output.All[i]);
        Assert.Equal($"--- {from} ping statistics ---", ping.Output.All[3]);
        Assert.Matches("^3 packets transmitted, 3 received, 0% packet loss, time [0-9]+ms$", ping.Output.All[4]);
        Assert.Matches(@"^rtt min/avg/max/mdev = [\d.]+/[\d.]+/[\d.]+/[\d.]+ ms$", ping.Output.All[5]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_member_of_the_ping_group_needs_no_privilege(string host)
    {
        using SockeyeProcess ping = InNamespace($"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='0 65535'; {AsNobody}", "ping", host, "--count", "2", "--interval", "10ms", "--json");
        Assert.Equal((ExitCodes.Done, ""), (await ping.EndAsync(), ProblemsOf(ping)));
        JsonElement[] events = [.. ping.Output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["pinging", "reply", "reply", "summary"], events.Select(each => each.GetProperty("event").GetString()));
        Assert.False(events[0].GetProperty("raw").GetBoolean());
        Assert.Equal((host, 64, 64), (events[1].GetProperty("from").GetString(), events[1].GetProperty("bytes").GetInt32(), events[1].GetProperty("ttl").GetInt32()));
        Assert.Equal((2, 0.0), (events[3].GetProperty("replies").GetInt32(), events[3].GetProperty("loss").GetDouble()));
    }

    [Fact]
    public async Task Without_the_right_one_line_says_which_and_how_to_get_it()
    {
        using SockeyeProcess ping = InNamespace($"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='1 0'; {AsNobody}", "ping", "127.0.0.1");
        Assert.Equal(ExitCodes.NetworkFailed, await ping.EndAsync());
        Assert.Empty(ping.Output.All);
        string line = Assert.Single(ping.Errors.All);
        Assert.StartsWith("sockeye: cannot ping 127.0.0.1: it needs the capability CAP_NET_RAW or a group of yours in net.ipv4.ping_group_range; ", line, StringComparison.Ordinal);
        Assert.Contains("\"sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'\"", line, StringComparison.Ordinal);
        Assert.Contains("\"sudo setcap cap_net_raw+ep ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_name_stands_for_is_said_with_it()
    {
        using SockeyeProcess ping = InNamespace($"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='1 0'; {AsNobody}", "ping", "localhost", "-4");
        Assert.Equal(ExitCodes.NetworkFailed, await ping.EndAsync());
        Assert.StartsWith("sockeye: cannot ping localhost (127.0.0.1): it needs ", Assert.Single(ping.Errors.All), StringComparison.Ordinal);
    }

    /// <summary>Each command of the message, as it stands there but for the sudo, by a root that has no other reason to run it.</summary>
    [Theory]
    [InlineData("sudo sysctl ", false)]
    [InlineData("sudo setcap ", true)]
    public async Task What_is_advised_helps(string beginning, bool isRaw)
    {
        // A capability belongs to the file of the program: here that is .NET's own, so it gets a copy of it.
        using DotNetCopy copy = new();
        string asNobody = AsNobody.Replace("$0", copy.Program, StringComparison.Ordinal);
        using SockeyeProcess refused = InNamespace($"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='1 0'; {asNobody}", "ping", "127.0.0.1");
        Assert.Equal(ExitCodes.NetworkFailed, await refused.EndAsync());
        string advice = Assert.Single(refused.Errors.All).Split('"').Single(part => part.StartsWith(beginning, StringComparison.Ordinal))["sudo ".Length..];
        if (isRaw && !copy.TakesCapabilities())
            Assert.Skip("This machine has no setcap, or its temporary folder keeps no capabilities.");

        using SockeyeProcess ping = InNamespace($"ip link set lo up; sysctl -qw net.ipv4.ping_group_range='1 0'; {advice} >&2 || exit 99; {asNobody}", "ping", "127.0.0.1", "--count", "1");
        Assert.Equal(ExitCodes.Done, await ping.EndAsync());
        Assert.Equal(isRaw, ping.Errors.All[^1].EndsWith("on a raw socket", StringComparison.Ordinal));
        Assert.StartsWith("64 bytes from 127.0.0.1: ", ping.Output.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_loss()
    {
        using SockeyeProcess ping = InNamespace(
            "ip link set lo up; sysctl -qw net.ipv4.icmp_echo_ignore_all=1; exec \"$0\" \"$@\"", "ping", "127.0.0.1", "--count", "2", "--interval", "10ms", "--timeout", "50ms");
        Assert.Equal(ExitCodes.NetworkFailed, await ping.EndAsync());
        Assert.Equal(["no answer to icmp_seq=1 within 50ms", "no answer to icmp_seq=2 within 50ms"], ping.Errors.All.Where(line => line.StartsWith("no ", StringComparison.Ordinal)));
        Assert.Contains("2 packets transmitted, 0 received, 100% packet loss, time ", ping.Output.All[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_without_a_reply_is_a_time_out()
    {
        using SockeyeProcess ping = InNamespace("ip link set lo up; sysctl -qw net.ipv4.icmp_echo_ignore_all=1; exec \"$0\" \"$@\"", "ping", "127.0.0.1", "--deadline", "50ms", "--quiet");
        Assert.Equal(ExitCodes.TimedOut, await ping.EndAsync());
        Assert.Empty(ping.Errors.All);
        Assert.Contains("100% packet loss", ping.Output.All[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_route_leads_is_said()
    {
        using SockeyeProcess ping = InNamespace("ip link set lo up; ip route add unreachable 10.1.0.0/16; exec \"$0\" \"$@\"", "ping", "10.1.2.3", "--quiet");
        Assert.Equal(ExitCodes.NetworkFailed, await ping.EndAsync());
        Assert.Equal("sockeye: cannot ping 10.1.2.3: no route to the host; check the address and this machine's routes", Assert.Single(ping.Errors.All));
    }

    /// <summary>A ping socket hears of errors through its queue, a raw socket as packets.</summary>
    [Theory]
    [InlineData("nobody", false)]
    [InlineData("root", true)]
    public async Task A_router_that_drops_a_request_says_so(string user, bool isRaw)
    {
        using SockeyeProcess ping = Start(["unshare", "-n", "python3", "-c", Router, user], "ping", "127.0.0.1", "--count", "2", "--interval", "10ms", "--timeout", "20s");
        Assert.Equal(ExitCodes.NetworkFailed, await ping.EndAsync());
        Assert.Equal(isRaw, ping.Errors.All[0].EndsWith("on a raw socket", StringComparison.Ordinal));
        Assert.Equal(
            ["from 127.0.0.9: icmp_seq=1: the time to live ran out", "from 127.0.0.9: icmp_seq=2: the time to live ran out"],
            ping.Errors.All[1..]);
        Assert.Contains("2 packets transmitted, 0 received, +2 errors, 100% packet loss", ping.Output.All[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_the_summary()
    {
        using SockeyeProcess ping = InNamespace("ip link set lo up; exec env --default-signal=INT \"$0\" \"$@\"", "ping", "127.0.0.1", "--interval", "10ms");
        await ping.Output.FindAsync("icmp_seq=3");
        ping.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Done, await ping.EndAsync());
        Assert.StartsWith("rtt min/avg/max/mdev = ", ping.Output.All[^1], StringComparison.Ordinal);
    }

    private static string ProblemsOf(SockeyeProcess ping) =>
        string.Join('\n', ping.Errors.All.Where(line => !line.StartsWith("pinging ", StringComparison.Ordinal)));

    private static SockeyeProcess InNamespace(string script, params string[] arguments) => Start(["unshare", "-n", "sh", "-c", script], arguments);

    private static SockeyeProcess Start(string[] wrapper, params string[] arguments)
    {
        // Namespaces need root, and nobody must be able to read the program.
        string probe = string.Create(CultureInfo.InvariantCulture, $"setpriv --reuid=65534 --regid=65534 --clear-groups test -r '{typeof(CliEnvironment).Assembly.Location}'");
        using Process process = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", probe]) { RedirectStandardError = true })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            Assert.Skip("Network namespaces need root, and the checkout must be readable by everybody.");
        return SockeyeProcess.StartThrough(wrapper, arguments);
    }
}
