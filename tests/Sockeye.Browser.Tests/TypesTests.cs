using System.Diagnostics;

namespace Sockeye.Browser.Tests;

/// <summary>The page is plain JavaScript with types in its comments.</summary>
public class TypesTests
{
    [Fact]
    public async Task The_types_of_the_page_are_right()
    {
        string compiler = Tools.FromNpm("typescript/bin/tsc");
        if (Tools.Find("node") is not { } node)
        {
            Assert.Skip("node is not installed.");
            return;
        }

        ProcessStartInfo start = new(node, [compiler, "--project", Tools.Project, "--pretty", "false"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Hang.Limit);

        Assert.Equal("", output + await errors);
        Assert.Equal(0, process.ExitCode);
    }
}
