using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sockeye.Repository.Tests.Launching;

namespace Sockeye.Repository.Tests.Packaging;

/// <summary>A folder of packages, packed once from a copy of the checkout that looks as if it had been cloned from GitHub.</summary>
public sealed partial class PackageFeed : IAsyncLifetime
{
    /// <summary>Stands for wherever a clone comes from: source links are made of the clone's remote.</summary>
    internal const string GitHubProject = "owner/sockeye";

    private const string OnlyThisFeed = """
        <configuration>
          <packageSources><clear /><add key="feed" value="FEED" /></packageSources>
        </configuration>
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("sockeye packages ").FullName;

    internal string Commit { get; private set; } = "";

    internal string Version { get; private set; } = "";

    internal Dictionary<string, string> Environment { get; } = System.Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(one => (string)one.Key, one => (string)one.Value!);

    private string Feed => Path.Combine(_root, "feed");

    public async ValueTask InitializeAsync()
    {
        // Servers that a build leaves behind would hold the pipes that its output is read from.
        Environment["MSBUILDDISABLENODEREUSE"] = "1";
        Environment["UseSharedCompilation"] = "false";
        string checkout = CreateFolder("checkout");
        foreach (string file in Repository.Files)
        {
            string copy = Path.Combine(checkout, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.PathOf(file), copy);
        }

        await GitAsync(checkout, "init", "-q");
        await GitAsync(checkout, "remote", "add", "origin", $"https://github.com/{GitHubProject}.git");
        await GitAsync(checkout, "add", "-A");
        await GitAsync(checkout, "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "All");
        Commit = (await GitAsync(checkout, "rev-parse", "HEAD")).Trim();

        CommandResult packed = await RunAsync("dotnet", checkout, "pack", "Sockeye.slnx", "-c", "Release", "-o", Feed, "-p:RunAnalyzers=false");
        Assert.True(packed.ExitCode == 0, packed.Output);
        Version = VersionInName().Match(Path.GetFileName(Directory.GetFiles(Feed, "Sockeye.Tool.*.nupkg").Single())).Groups["version"].Value;

        File.WriteAllText(Path.Combine(_root, "nuget.config"), OnlyThisFeed.Replace("FEED", Feed, StringComparison.Ordinal));
        Environment["NUGET_PACKAGES"] = Path.Combine(_root, "cache");
        Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    internal ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.{extension}"));

    internal Task<CommandResult> DotnetAsync(string folder, params string[] arguments) => RunAsync("dotnet", folder, arguments);

    private async Task<string> GitAsync(string folder, params string[] arguments)
    {
        CommandResult result = await RunAsync("git", folder, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }

    private async Task<CommandResult> RunAsync(string program, string folder, params string[] arguments)
    {
        using Launching.Command command = Launching.Command.Start(program, arguments, folder, Environment);
        return await command.EndAsync();
    }

    [GeneratedRegex(@"(?<version>\d.*)\.nupkg$")]
    private static partial Regex VersionInName();
}
