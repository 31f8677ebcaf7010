namespace Sockeye.Repository.Tests.Launching;

/// <summary><c>./test</c> on a copy of the repository, where one test project is a script that prints what xunit prints.</summary>
public sealed class TestProgramTests : IDisposable
{
    private const string Pass = "echo '    A.Passes [STARTING]'; echo '    A.Passes [FINISHED] Time: 0.1s'\n";
    private const string Fail = "echo '    A.Fails(s: \"]\") [STARTING]'; echo '    A.Fails(s: \"]\") [FAIL]'; echo '      Expected: 1'; echo '    A.Fails(s: \"]\") [FINISHED] Time: 0.1s'\n";
    private const string Skip = "echo '    A.Skips [STARTING]'; echo '    A.Skips [SKIP]'; echo '      no telnet'; echo '    A.Skips [FINISHED] Time: 0s'\n";
    private const string Hang = "echo '    A.Hangs [STARTING]'; exec tail -f /dev/null\n";

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task All_passing_is_a_success()
    {
        CommandResult result = await RunAsync(Pass + Pass + Report(2, 0, 0));

        Assert.Equal((0, "2 passed, 0 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
    }

    [Fact]
    public async Task A_failure_is_shown_and_named()
    {
        CommandResult result = await RunAsync(Pass + Fail + Report(2, 1, 0) + "exit 1");

        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("Expected: 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nFailed:\n  A.Fails(s: \"]\")\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("true", 1)]
    public async Task A_skip_is_named_with_its_reason_and_fails_on_CI(string ci, int exitCode)
    {
        _checkout.Environment["CI"] = ci;

        CommandResult result = await RunAsync(Pass + Skip + Report(2, 0, 1));

        Assert.Equal((exitCode, "1 passed, 0 failed, 1 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("\nSkipped:\n  A.Skips: no telnet\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 134")]
    [InlineData("exit 0")]
    public async Task A_project_that_ends_without_a_report_has_failed(string end)
    {
        CommandResult result = await RunAsync(Pass + "echo '    A.Crashes [STARTING]'\n" + end);

        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("was running: A.Crashes", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_hangs_is_ended_and_says_where()
    {
        _checkout.Environment["SOCKEYE_TEST_DEADLINE"] = "1";

        CommandResult result = await RunAsync(Pass + Hang);

        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("was running: A.Hangs", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_run_is_a_failure()
    {
        CommandResult result = await RunAsync("echo '   Fake.Tests  Total: 0'");

        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
    }

    [Fact]
    public async Task A_project_outside_the_solution_is_a_failure()
    {
        CommandResult result = await RunAsync(null);

        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("Sockeye.slnx", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_fails_is_a_failure()
    {
        _checkout.Write("src/Sockeye/Added.cs", "BROKEN");

        CommandResult result = await RunAsync(Pass + Report(1, 0, 0));

        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (result.ExitCode, LastLine(result)));
        Assert.Contains("error CS1002", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_reach_the_test_project()
    {
        CommandResult result = await RunAsync("""printf '<%s>' "$@" """ + "\n" + Report(1, 0, 0), "--filter", "Lines", "--trait", "Category=Soak");

        Assert.Contains("<-method><*Lines*><-trait><Category=Soak>", result.Output, StringComparison.Ordinal);
    }

    private static string Report(int total, int failed, int skipped) =>
        $"echo '   Fake.Tests  Total: {total}, Errors: 0, Failed: {failed}, Skipped: {skipped}, Not Run: 0, Time: 0.1s'\n";

    private static string LastLine(CommandResult result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private async Task<CommandResult> RunAsync(string? project, params string[] options)
    {
        const string Folder = "tests/Fake.Tests";
        _checkout.Write($"{Folder}/Fake.Tests.csproj", "<Project />");
        if (project is not null)
            _checkout.WriteProgram(Path.Combine(_checkout.Root, Folder, "bin/Release/net10.0/Fake.Tests"), "#!/usr/bin/env bash\n" + project);
        string[] arguments = ["--no-install", "--project", "Fake", .. options];
        using Command command = Command.Start(Path.Combine(_checkout.Root, "test"), arguments, _checkout.Elsewhere, _checkout.Environment);
        return await command.EndAsync();
    }
}
