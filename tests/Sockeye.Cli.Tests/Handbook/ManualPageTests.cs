using System.CommandLine;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Handbook;

/// <summary>The manual's page says what the program's help says. To accept a change: <c>SOCKEYE_ACCEPT_MANUAL=1 ./test --filter ManualPage</c>.</summary>
public class ManualPageTests
{
    private readonly Command _root = CommandTree.Create(new CliEnvironment { Output = TextWriter.Null, Error = TextWriter.Null });

    [Fact]
    public void The_page_is_what_the_program_says_of_itself()
    {
        string path = Path.Combine(FindRoot(), "docs/handbook/11-manual.md");
        string current = ManualPage.Print(_root);
        if (Environment.GetEnvironmentVariable("SOCKEYE_ACCEPT_MANUAL") == "1")
            File.WriteAllText(path, current);

        Assert.Equal(File.ReadAllText(path), current);
    }

    [Fact]
    public void Every_verb_and_service_says_what_it_is_and_has_an_example_that_begins_with_it()
    {
        foreach (Command command in _root.Subcommands.Concat(_root.Subcommands.SelectMany(verb => verb.Subcommands)))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.Contains(Examples.Of(command), example => example.Contains($" {command.Name}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_option_says_what_it_is() =>
        Assert.All(_root.Subcommands.SelectMany(verb => verb.Options.Concat(verb.Subcommands.SelectMany(sub => sub.Options))),
            option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
