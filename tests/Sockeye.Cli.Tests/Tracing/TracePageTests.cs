using System.Text.RegularExpressions;
using Sockeye.Cli.Tests.Programs;

namespace Sockeye.Cli.Tests.Tracing;

/// <summary>What the handbook's page shows is what the program says.</summary>
public class TracePageTests
{
    private const string Prompt = "$ ./sockeye trace tcp://localhost:8080 --send 'hello\\n'\n";

    [Fact]
    public async Task The_page_shows_what_the_program_says()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Only root sees segments.");
        using SockeyeProcess server = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        Address address = await server.ListensAsync();
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://localhost:{address.Port}", "--send", "hello\\n");
        Assert.Equal(ExitCodes.Done, await trace.EndAsync());
        Assert.Equal(Shapes(Page()), Shapes(trace.Output.All));
    }

    private static string[] Page()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        string page = File.ReadAllText(Path.Combine(folder!, "docs", "handbook", "10-trace.md"));
        int start = page.IndexOf(Prompt, StringComparison.Ordinal) + Prompt.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd('\n').Split('\n');
    }

    /// <summary>
    /// Without what differs from run to run: times, ports, numbers; what the kernel knew and the bare acknowledgments, which depend on who was faster; and the
    /// order, for the same reason.
    /// </summary>
    private static string[] Shapes(string[] lines)
    {
        Assert.All(lines, line => Assert.Matches(@"^ *[0-9]+\.[0-9]{3}  .", line));
        return
        [
            .. lines.Select(line => Regex.Replace(line[12..], "[0-9]+([.][0-9]+)?", "N"))
                .Where(line => !line.StartsWith("kernel", StringComparison.Ordinal) && !Regex.IsMatch(line, "^  (->|<-)       ACK"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
