namespace Sockeye.Repository.Tests.Launching;

/// <summary>
/// A copy of the repository in a temporary folder, with a stand-in for <c>dotnet</c> on its PATH: a script that notes how it
/// was called and publishes a small script as the program. That program prints its folder, its arguments and its input.
/// </summary>
internal sealed class Checkout : IDisposable
{
    private const string StandIn = """
        #!/usr/bin/env bash
        cat >/dev/null # a build that reads its input would eat the program's
        echo "$1" >>"$CALLS"
        case $1 in
            --version) echo 10.0.100 ;;
            --list-sdks) echo "10.0.100 [$(cd "${0%/*}" && pwd)/sdk]" ;;
            restore) [[ "$*" != *ReadyToRun* || ! -e $CALLS.offline ]] || { echo "/a.csproj : error NU1301: no network"; exit 1; } ;;
            build) ! grep -rq BROKEN src || { echo "/src/A.cs(1,1): error CS1002: ; expected [/src/A.csproj]"; exit 1; } ;;
            publish)
                [[ ! -p $CALLS.gate ]] || read -r <"$CALLS.gate"
                while [[ $1 != -o ]]; do shift; done
                mkdir -p "$2"
                if grep -rq BROKEN src; then
                    echo "/src/A.cs(1,1): error CS1002: ; expected [/src/A.csproj]"
                    echo "/src/A.cs(1,1): error CS1002: ; expected [/src/A.csproj]"
                    exit 1
                fi
                {
                    echo '#!/usr/bin/env bash'
                    echo 'printf "%s\n" "$PWD" "$DOTNET_ROOT"; printf "<%s>\n" "$@"; cat'
                    echo '[[ $1 != exit ]] || exit "$2"'
                } >"$2/sockeye"
                chmod +x "$2/sockeye"
                ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye launcher ").FullName;

    public Checkout()
    {
        foreach (string file in Repository.Files)
            File.Copy(Repository.PathOf(file), WithFolder(Path.Combine(Root, file)));
        Directory.CreateDirectory(Elsewhere);
        WriteProgram(Path.Combine(StandInFolder, "dotnet"), StandIn);
        Environment = new()
        {
            ["PATH"] = $"{StandInFolder}:/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Elsewhere,
            ["CALLS"] = CallsFile,
        };
    }

    public string Root => Path.Combine(_folder, "the checkout");

    public string Launcher => Path.Combine(Root, "sockeye");

    public string StandInFolder => Path.Combine(_folder, "stand in");

    /// <summary>A folder that has nothing to do with the checkout.</summary>
    public string Elsewhere => Path.Combine(_folder, "else where");

    public Dictionary<string, string> Environment { get; private set; }

    /// <summary>What the stand-in for <c>dotnet</c> was asked to do, in order.</summary>
    public string[] Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    public int Builds => Calls.Count(call => call == "publish");

    public string[] BuildFolders => Directory.GetDirectories(Path.Combine(Root, ".build"), "*-*-*", SearchOption.AllDirectories);

    private string CallsFile => Path.Combine(_folder, "calls");

    private string GateFile => CallsFile + ".gate";

    public Command Start(params string[] arguments) => Command.Start(Launcher, arguments, Elsewhere, Environment);

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using Command command = Start(arguments);
        return await command.EndAsync();
    }

    /// <summary>From here on the machine's own <c>dotnet</c> is used, with everything it has been told.</summary>
    public void UseRealDotnet() =>
        Environment = System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(one => (string)one.Key, one => (string)one.Value!);

    /// <summary>From here on no SDK of this machine will do.</summary>
    public void AskForAnotherSdk()
    {
        Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        string path = Path.Combine(Root, "global.json");
        File.WriteAllText(path, """{ "sdk": { "version": "99.0.100", "rollForward": "latestFeature" } }""");
    }

    public void GoOffline() => File.WriteAllText(CallsFile + ".offline", "");

    /// <summary>From here on a build stops half-way until <see cref="OpenGateAsync"/>.</summary>
    public async Task CloseGateAsync()
    {
        using Command command = Command.Start("/usr/bin/mkfifo", [GateFile], _folder, Environment);
        Assert.Equal(0, (await command.EndAsync()).ExitCode);
    }

    /// <summary>Returns once a build has come to the gate and passed it.</summary>
    public async Task OpenGateAsync()
    {
        await File.WriteAllTextAsync(GateFile, "\n", TestContext.Current.CancellationToken);
        File.Delete(GateFile);
    }

    public void Write(string file, string content) => File.WriteAllText(WithFolder(Path.Combine(Root, file)), content);

    public string WriteProgram(string path, string text)
    {
        path = WithFolder(Path.Combine(_folder, path));
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string WithFolder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
