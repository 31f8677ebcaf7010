using System.Diagnostics;

namespace Sockeye.Repository.Tests;

/// <summary>The checkout these tests were built in.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", ".build", ".dotnet", ".git", "TestResults", "node_modules", "artifacts"];

    /// <summary>The folder of <c>Sockeye.slnx</c>. Not the compiler's file paths: a CI build replaces those.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths, relative to the root, of the files that are or will be committed.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> FilesIn(string folder, string extension) =>
        Files.Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal) && file.EndsWith(extension, StringComparison.Ordinal));

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Sockeye.slnx above {AppContext.BaseDirectory}");
    }

    private static List<string> ListFiles()
    {
        IEnumerable<string> files = AskGit() ?? WalkFolders();
        return [.. files.Where(file => File.Exists(PathOf(file))).Order(StringComparer.Ordinal)];
    }

    private static string[]? AskGit()
    {
        if (!Path.Exists(PathOf(".git")))
            return null;
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    /// <summary>For a source archive, which has no history.</summary>
    private static IEnumerable<string> WalkFolders() =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Intersect(Generated).Any());
}
