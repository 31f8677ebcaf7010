using System.Text.Json;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Doctor;

namespace Sockeye.Cli.Tests.Doctor;

/// <summary>How findings are reported, and that nothing is waited for longer than it may take.</summary>
public sealed class DoctorProgramTests : IDisposable
{
    private readonly Lines _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task Findings_are_grouped_and_a_problem_is_the_exit_code()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Interfaces[0] = machine.Interfaces[0] with { IsUp = false };
        machine.Files["/proc/sys/net/core/somaxconn"] = "16";
        Assert.Equal(ExitCodes.NetworkFailed, await RunAsync(machine, new DoctorText(_output, hasColours: false), "loopback", "routes", "backlog", "epoll"));
        Assert.Equal(
            [
                "network",
                "  problem  loopback         the loopback interface lo is down: no program here can reach another at 127.0.0.1 or ::1",
                "                            try: sudo ip link set lo up",
                "  ok       routes           the default routes lead over eth0 (IPv4) and eth0 (IPv6)",
                "limits",
                "  warning  backlog          at most 16 connections wait to be accepted, whatever a program asks for: of a rush of clients many wait a second or more",
                "                            try: sudo sysctl -w net.core.somaxconn=4096",
                "kernel",
                "  ok       epoll            epoll works",
                "1 problem, 1 warning, no note, 2 ok",
            ],
            _output.All);
    }

    [Fact]
    public async Task Warnings_are_no_problem()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Files["/proc/sys/net/core/somaxconn"] = "16";
        Assert.Equal(ExitCodes.Done, await RunAsync(machine, new DoctorText(_output, hasColours: false), "backlog"));
        Assert.Equal("no problem, 1 warning, no note, 0 ok", _output.All[^1]);
    }

    [Fact]
    public async Task Colours_are_for_terminals_and_what_files_say_moves_no_cursor()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Files["/etc/resolv.conf"] = "nameserver \e[2J\n";
        await RunAsync(machine, new DoctorText(_output, hasColours: true), "resolver");
        Assert.Equal("\e[1mnames\e[0m", _output.All[0]);
        Assert.Contains(@"\x1b[2J", _output.All[1], StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", _output.All[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_an_object_a_line()
    {
        FakeMachine machine = new() { Patience = Lines.Patience, EpollError = 1 };
        await RunAsync(machine, new DoctorJson(_output, machine.Time), "epoll");
        JsonElement[] objects = [.. _output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["finding", "summary"], objects.Select(each => each.GetProperty("event").GetString()));
        Assert.All(objects, each => Assert.Equal(1, each.GetProperty("schema").GetInt32()));
        Assert.Equal(("epoll", "kernel", "problem"), (objects[0].GetProperty("check").GetString(), objects[0].GetProperty("group").GetString(), objects[0].GetProperty("severity").GetString()));
        Assert.NotNull(objects[0].GetProperty("advice").GetString());
        Assert.Equal((1, 0), (objects[1].GetProperty("problems").GetInt32(), objects[1].GetProperty("ok").GetInt32()));
    }

    [Fact]
    public void What_programs_get_is_documented()
    {
        DoctorJson json = new(_output, TimeProvider.System);
        DoctorCheck check = DoctorChecks.Create([])[0];
        json.Show(check, [Finding.Problem("m", "a")]);
        json.LeftOut(check);
        json.End(Enum.GetValues<Severity>().ToDictionary(severity => severity, _ => 1), TimeSpan.FromSeconds(1));
        json.List(check);
        string section = Read("docs", "cli-json.md").Split("\n## ").Single(each => each.StartsWith("`sockeye doctor --json`", StringComparison.Ordinal));
        JsonElement[] objects = [.. _output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        foreach (JsonElement each in objects)
        {
            string row = section.Split('\n').Single(line => line.StartsWith($"| `{each.GetProperty("event").GetString()}` |", StringComparison.Ordinal));
            Assert.All(each.EnumerateObject().Select(field => field.Name).Except(["schema", "event", "time"]), name => Assert.Contains($"`{name}`", row, StringComparison.Ordinal));
        }

        Assert.Equal(section.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)), objects.Length);
    }

    /// <summary>The handbook's table has every check, in its order.</summary>
    [Fact]
    public void Every_check_is_in_the_handbook()
    {
        string section = Read("docs", "handbook", "13-eye.md").Split("| check | what it looks at |")[1].Split("\n\n")[0];
        Assert.Equal(DoctorChecks.Names, section.Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1)));
    }

    [Fact]
    public async Task What_never_answers_is_not_waited_for_and_holds_up_nobody()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.SilentNames.Add("localhost");
        Assert.Equal(ExitCodes.Done, await RunAsync(machine, TimeSpan.FromSeconds(1), new DoctorText(_output, hasColours: false), "localhost"));
        Assert.StartsWith("  warning  localhost        no result within 1s", _output.All[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_about_Linux_is_left_out_elsewhere_and_said()
    {
        FakeMachine machine = new() { Patience = Lines.Patience, RunsLinux = false };
        await RunAsync(machine, new DoctorText(_output, hasColours: false), [.. DoctorChecks.Names]);
        Assert.Contains("left out, as they are about Linux: resolver, name-servers, ipv6, ", _output.All[^2], StringComparison.Ordinal);
        Assert.Contains(_output.All, line => line.StartsWith("  ok       clock", StringComparison.Ordinal));
        Assert.DoesNotContain(_output.All, line => line.StartsWith("  ok       epoll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_system_does_not_tell_is_said()
    {
        FakeMachine machine = new() { Patience = Lines.Patience };
        machine.Files.Remove("/proc/sys/net/ipv4/tcp_mem");
        machine.Files.Remove("/proc/sys/net/ipv4/tcp_max_orphans");
        await RunAsync(machine, new DoctorText(_output, hasColours: false), "tcp-memory");
        Assert.Contains("cannot be seen here", _output.All[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no check \"route\"; did you mean routes?", "--only", "route")]
    [InlineData("--port cannot be \"http\": it is a number from 1 to 65535, and behind it /udp where UDP is meant", "--port", "http")]
    public async Task Wrong_usage_says_what_is_right(string message, params string[] arguments)
    {
        using Lines error = new();
        int code = await CommandLine.RunAsync(["doctor", .. arguments], new CliEnvironment { Output = _output, Error = error });
        Assert.Equal((ExitCodes.WrongUsage, $"sockeye: {message}"), (code, Assert.Single(error.All)));
    }

    [Fact]
    public async Task The_list_names_every_check()
    {
        int code = await CommandLine.RunAsync(["doctor", "--list"], new CliEnvironment { Output = _output, Error = _output });
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal(DoctorChecks.Names, _output.All.Where(line => line.StartsWith(' ')).Select(line => line.Trim().Split(' ')[0]));
    }

    private static string Read(params string[] path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return File.ReadAllText(Path.Combine([folder!, .. path]));
    }

    private static Task<int> RunAsync(FakeMachine machine, DoctorReport report, params string[] names) => RunAsync(machine, Lines.Patience, report, names);

    private static Task<int> RunAsync(FakeMachine machine, TimeSpan deadline, DoctorReport report, params string[] names) =>
        new DoctorProgram(machine, [.. DoctorChecks.Create([]).Where(check => names.Contains(check.Name))], deadline, report).RunAsync(TestContext.Current.CancellationToken);
}
