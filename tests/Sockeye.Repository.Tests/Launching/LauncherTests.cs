namespace Sockeye.Repository.Tests.Launching;

/// <summary><c>./sockeye</c>, run on a copy of the repository.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string SourceFile = "src/Sockeye/Added.cs";

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task The_first_run_builds_and_the_next_does_not()
    {
        CommandResult first = await _checkout.RunAsync("hello");
        int calls = _checkout.Calls.Length;
        CommandResult second = await _checkout.RunAsync("hello");

        Assert.Equal(0, first.ExitCode);
        Assert.Contains("sockeye: building", first.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal("", second.Errors);
        Assert.Equal(1, _checkout.Builds);
        Assert.Equal(calls, _checkout.Calls.Length);
    }

    [Fact]
    public async Task Arguments_input_folder_and_exit_code_are_the_programs()
    {
        string[] arguments = ["exit", "7", "", "two words", "*", "$HOME", "\"quoted\"", "--", "-n", "line\nbreak"];
        await _checkout.RunAsync();

        using Command command = Command.Start(_checkout.Launcher, arguments, _checkout.Elsewhere, _checkout.Environment, "one\n two\0three");
        CommandResult result = await command.EndAsync();

        string[] printed = [_checkout.Elsewhere, _checkout.StandInFolder, .. arguments.Select(argument => $"<{argument}>")];
        Assert.Equal(string.Join('\n', printed) + "\none\n two\0three", result.Output);
        Assert.Equal(7, result.ExitCode);
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public async Task Input_is_not_eaten_by_the_build()
    {
        using Command command = Command.Start(_checkout.Launcher, [], _checkout.Elsewhere, _checkout.Environment, "kept");

        Assert.EndsWith("kept", (await command.EndAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_that_are_closed_lead_nowhere_instead()
    {
        await _checkout.RunAsync();
        string open = Path.Combine(_checkout.Elsewhere, "open");
        string program = Directory.GetFiles(_checkout.BuildFolders.Single(), "sockeye").Single();
        File.WriteAllText(program, $"#!/usr/bin/env bash\nreadlink /proc/$$/fd/{{0,1,2}} >'{open}'\n");

        using Command command = Command.Start("/bin/bash", ["-c", "exec \"$0\" <&- >&- 2>&-", _checkout.Launcher], _checkout.Elsewhere, _checkout.Environment);
        await command.EndAsync();

        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], File.ReadAllLines(open));
    }

    [Fact]
    public async Task A_chain_of_links_leads_to_the_checkout()
    {
        string links = Path.Combine(_checkout.Elsewhere, "links");
        Directory.CreateDirectory(links);
        File.CreateSymbolicLink(Path.Combine(_checkout.Elsewhere, "checkout"), "../the checkout");
        File.CreateSymbolicLink(Path.Combine(links, "relative"), "../checkout/sockeye");
        File.CreateSymbolicLink(Path.Combine(_checkout.Elsewhere, "absolute"), Path.Combine(links, "relative"));
        File.CreateSymbolicLink(Path.Combine(links, "last"), "../absolute");

        using Command command = Command.Start(Path.Combine(links, "last"), ["x"], _checkout.StandInFolder, _checkout.Environment);
        CommandResult result = await command.EndAsync();

        Assert.StartsWith(_checkout.StandInFolder + "\n", result.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_checkout.Root, ".build")));
    }

    [Theory]
    [InlineData("./sockeye")]
    [InlineData("sockeye")]
    public async Task A_relative_path_leads_to_the_checkout(string path)
    {
        using Command command = Command.Start("/bin/bash", [path], _checkout.Root, _checkout.Environment);

        Assert.StartsWith(_checkout.Root + "\n", (await command.EndAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_started_together_build_once()
    {
        await _checkout.CloseGateAsync();
        using Command one = _checkout.Start("same");
        using Command other = _checkout.Start("same");
        const string Waiting = "another sockeye is building; waiting for it";

        await await Task.WhenAny(one.SaysAsync(Waiting), other.SaysAsync(Waiting));
        await _checkout.OpenGateAsync();
        CommandResult[] results = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        Assert.Equal(1, _checkout.Builds);
        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        Assert.Equal(results[0].Output, results[1].Output);
        Assert.Single(results, result => result.Errors.Contains(Waiting, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_added_or_removed_source_is_built()
    {
        await _checkout.RunAsync();

        _checkout.Write(SourceFile, "first");
        await _checkout.RunAsync();
        Assert.Equal(2, _checkout.Builds);

        _checkout.Write(SourceFile, "other");
        await _checkout.RunAsync();
        Assert.Equal(3, _checkout.Builds);

        File.SetLastWriteTimeUtc(Path.Combine(_checkout.Root, SourceFile), DateTime.UnixEpoch);
        await _checkout.RunAsync();
        Assert.Equal(4, _checkout.Builds);

        File.Delete(Path.Combine(_checkout.Root, SourceFile));
        await _checkout.RunAsync();
        Assert.Equal(5, _checkout.Builds);
    }

    [Fact]
    public async Task What_a_build_of_the_checkout_writes_is_not_a_change()
    {
        await _checkout.RunAsync();
        Directory.CreateDirectory(Path.Combine(_checkout.Root, "src/Sockeye/obj"));
        _checkout.Write("src/Sockeye/obj/project.assets.json", "{}");
        _checkout.Write("README.md", "changed");

        await _checkout.RunAsync();

        Assert.Equal(1, _checkout.Builds);
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_leaves_the_last_one()
    {
        string output = (await _checkout.RunAsync()).Output;

        _checkout.Write(SourceFile, "BROKEN");
        CommandResult broken = await _checkout.RunAsync();
        Assert.Single(_checkout.BuildFolders);
        File.Delete(Path.Combine(_checkout.Root, SourceFile));
        CommandResult restored = await _checkout.RunAsync();

        Assert.Equal(1, broken.ExitCode);
        Assert.Equal("", broken.Output);
        Assert.Single(broken.ErrorLines, "/src/A.cs(1,1): error CS1002: ; expected");
        Assert.Contains(_checkout.Root, broken.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("build.log", broken.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal((0, output, ""), (restored.ExitCode, restored.Output, restored.Errors));
    }

    [Fact]
    public async Task Old_builds_go_but_not_the_last_two()
    {
        for (int i = 0; i < 4; i++)
        {
            _checkout.Write(SourceFile, $"{i}");
            await _checkout.RunAsync();
        }

        Assert.Equal(2, _checkout.BuildFolders.Length);
    }

    [Fact]
    public async Task Without_the_package_for_faster_starts_it_builds_all_the_same()
    {
        _checkout.GoOffline();

        CommandResult result = await _checkout.RunAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.ErrorLines, line => line.Contains("building without it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_SDK_the_one_of_global_json_is_fetched()
    {
        _checkout.AskForAnotherSdk();
        _checkout.Environment["SOCKEYE_DOTNET_INSTALL"] = _checkout.WriteProgram("install.sh", """
            printf '%s\n' "$@" >"$CALLS.install"
            mkdir -p "$4"
            cp "$STAND_IN" "$4/dotnet"
            """);
        _checkout.Environment["STAND_IN"] = Path.Combine(_checkout.StandInFolder, "dotnet");

        CommandResult first = await _checkout.RunAsync();
        CommandResult second = await _checkout.RunAsync();

        string folder = Path.Combine(_checkout.Root, ".dotnet");
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(
            ["--version", "99.0.100", "--install-dir", folder, "--no-path"],
            File.ReadAllLines(_checkout.Environment["CALLS"] + ".install"));
        Assert.Single(first.ErrorLines, line => line.Contains("99.0.100", StringComparison.Ordinal));
        Assert.Equal(folder, first.Output.Split('\n')[1]);
        Assert.Equal((0, ""), (second.ExitCode, second.Errors));
    }

    [Theory]
    [InlineData("exit 3", "could not fetch it;")]
    [InlineData("exit 0", "could not fetch it;")]
    [InlineData("echo trying; echo 'curl: (6) Could not resolve host: dot.net' >&2; exit 1", "could not fetch it: curl: (6) Could not resolve host: dot.net;")]
    [InlineData("printf 'no disk\\n\\n'; exit 1", "could not fetch it: no disk;")]
    public async Task When_fetching_fails_it_says_what_to_do(string installer, string said)
    {
        _checkout.AskForAnotherSdk();
        _checkout.Environment["SOCKEYE_DOTNET_INSTALL"] = _checkout.WriteProgram("install.sh", installer);

        CommandResult result = await _checkout.RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("dotnet-sdk-10.0", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(said, result.ErrorLines[^2], StringComparison.Ordinal);
        Assert.Equal(3, result.ErrorLines.Length);
    }

    [Fact]
    public async Task The_real_thing_builds_runs_and_survives_a_mistake()
    {
        _checkout.UseRealDotnet();

        CommandResult first = await _checkout.RunAsync("--version");
        _checkout.Write(SourceFile, "namespace Sockeye; internal static class Added { private static readonly int X = \"\"; }");
        CommandResult broken = await _checkout.RunAsync("--version");
        File.Delete(Path.Combine(_checkout.Root, SourceFile));
        CommandResult restored = await _checkout.RunAsync("--version");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.DoesNotContain("without it", first.Errors, StringComparison.Ordinal);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("Added.cs(1,", broken.Errors, StringComparison.Ordinal);
        Assert.Contains("error CS0029", broken.Errors, StringComparison.Ordinal);
        Assert.Equal((0, first.Output, ""), (restored.ExitCode, restored.Output, restored.Errors));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_checkout.Root, "src"), "obj", SearchOption.AllDirectories));
    }
}
