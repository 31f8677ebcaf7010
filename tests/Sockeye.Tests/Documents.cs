namespace Sockeye.Tests;

/// <summary>The pages in <c>docs/</c> of the checkout these tests were built in.</summary>
internal static class Documents
{
    public static string Read(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return File.ReadAllText(Path.Combine(folder!, "docs", name));
    }
}
