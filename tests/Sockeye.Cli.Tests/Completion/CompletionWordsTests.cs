using System.CommandLine;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Completion;

namespace Sockeye.Cli.Tests.Completion;

public sealed class CompletionWordsTests : IDisposable
{
    private readonly Command _root = CommandTree.Create(new CliEnvironment { Output = TextWriter.Null, Error = TextWriter.Null });
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-completion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("se", "serve")]
    [InlineData("serve|ec", "echo")]
    [InlineData("serve|greet|--te", "--text")]
    [InlineData("serve|upper|--qu", "--quiet")]
    [InlineData("serve|--qu", "--quiet")]
    [InlineData("completion|", "bash zsh")]
    [InlineData("serve|upper|tl", "tls://")]
    [InlineData("serve|upper|tcp://l", "tcp://localhost:")]
    [InlineData("serve|upper|tcp://:1|unix-s", "unix-seqpacket://")]
    [InlineData("serve|chat|--idle|", "")]
    [InlineData("serve|chat|--idle|5s|ud", "udp4:// udp6:// udp://")]
    [InlineData("serve|chat|--quiet|--qu", "")]
    [InlineData("compl", "completion")]
    [InlineData("nonsense|x", "")]
    public void The_next_word_is_found(string words, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), CompletionWords.Find(_root, words.Split('|')));

    [Fact]
    public void Nothing_typed_offers_every_verb_that_is_not_hidden() =>
        Assert.Equal(_root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).Order(StringComparer.Ordinal), CompletionWords.Find(_root, []));

    [Fact]
    public void Unix_addresses_go_on_with_files()
    {
        File.WriteAllText(Path.Combine(_folder, "room.sock"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "rooms"));
        File.WriteAllText(Path.Combine(_folder, ".hidden"), "");

        Assert.Equal([$"unix://{_folder}/room.sock", $"unix://{_folder}/rooms/"], CompletionWords.Find(_root, ["serve", "echo", $"unix://{_folder}/"]));
        Assert.Empty(CompletionWords.Find(_root, ["serve", "echo", $"unix://{_folder}/nowhere/"]));
    }

    [Fact]
    public void A_full_folder_offers_no_more_than_anybody_reads()
    {
        foreach (int number in Enumerable.Range(0, AddressWords.FilesMax + 1))
            File.WriteAllText(Path.Combine(_folder, $"{number}"), "");

        Assert.Equal(AddressWords.FilesMax, CompletionWords.Find(_root, ["serve", "echo", $"unix://{_folder}/"]).Count);
    }

    [Fact]
    public void Every_scheme_that_is_offered_is_one() =>
        Assert.All(AddressWords.Schemes, scheme => Assert.True(Address.TryParse(scheme + (scheme[0] is 'u' && scheme[1] is 'n' || scheme[0] is 'a' ? "name" : "localhost:1"), out _)));
}
