namespace Sockeye.Browser.Tests;

/// <summary>What the tests need of the machine and of the repository.</summary>
internal static class Tools
{
    /// <summary>The folder of this project, where npm puts its packages.</summary>
    public static string Project { get; } = Path.Combine(FindRoot(), "tests", "Sockeye.Browser.Tests");

    /// <summary>Where screenshots go.</summary>
    public static string Screenshots { get; } = Path.Combine(FindRoot(), "artifacts", "screenshots");

    /// <summary>Makes a screenshot a picture of the documentation, when that is asked for: <c>SOCKEYE_ACCEPT_PICTURES=1</c>. Two machines never draw the same pixels, so they are not compared.</summary>
    public static void AcceptPicture(string screenshot, string picture)
    {
        if (Environment.GetEnvironmentVariable("SOCKEYE_ACCEPT_PICTURES") == "1")
            File.Copy(Path.Combine(Screenshots, $"{screenshot}.png"), Path.Combine(FindRoot(), "docs", "pictures", $"{picture}.png"), overwrite: true);
    }

    /// <summary>A program on the path; null: there is none.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>A file of a package from npm; the test is skipped where it is not there.</summary>
    public static string FromNpm(string file)
    {
        string path = Path.Combine(Project, "node_modules", file);
        if (!File.Exists(path))
            Assert.Skip($"{file.Split('/')[0]} is not installed (./test has npm install it in tests/Sockeye.Browser.Tests).");
        return path;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Sockeye.slnx above {AppContext.BaseDirectory}");
    }
}
