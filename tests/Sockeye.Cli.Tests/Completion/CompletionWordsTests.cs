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
    [InlineData("connect|--frames|", "cobs crlf delimiter: fixed: http jsonl length: lines netstring resp slip varint")]
    [InlineData("listen|--frames|l", "length: lines")]
    [InlineData("connect|--frames|length:", "length:1 length:2 length:4 length:8")]
    [InlineData("connect|--frames|length:4:", "length:4:big length:4:little length:4:max= length:4:self")]
    [InlineData("connect|--frames|length:4:little:", "length:4:little:max= length:4:little:self")]
    [InlineData("connect|--frames|length:4:self:max=64k:", "length:4:self:max=64k:big length:4:self:max=64k:little")]
    [InlineData("connect|--frames|jsonl:", "jsonl:max=")]
    [InlineData("connect|--frames|jsonl:max=", "jsonl:max=16m jsonl:max=1m jsonl:max=64k")]
    [InlineData("connect|--frames|delimiter:", "")]
    [InlineData("connect|--frames|nonsense:", "")]
    [InlineData("connect|unix-d", "unix-dgram://")]
    [InlineData("listen|tcp://[", "tcp://[::1]:")]
    [InlineData("relay|tcp://:1|ws", "ws:// wss://")]
    [InlineData("trace|abs", "abstract://")]
    [InlineData("hu", "hub")]
    [InlineData("hub|", "backup restore")]
    [InlineData("hub|--t", "--text --tls")]
    [InlineData("hub|--text|", "off tcp:// tls://")]
    [InlineData("hub|--web|htt", "http:// https://")]
    [InlineData("hub|backup|--", "--data --force --help --json --quiet")]
    public void The_next_word_is_found(string words, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), CompletionWords.Find(_root, words.Split('|')));

    /// <summary>Every codec that the library knows is offered, and what is offered is one as soon as nothing is open behind it.</summary>
    [Fact]
    public void Every_codec_that_is_offered_is_one()
    {
        string problem = Assert.Throws<FormatException>(() => Codecs.Parse("?")).Message;
        string[] known = problem[(problem.IndexOf("names are ", StringComparison.Ordinal) + "names are ".Length)..].TrimEnd('.').Split([", ", " and "], StringSplitOptions.None);
        Assert.Equal(known.Order(StringComparer.Ordinal), FrameWords.All.Order(StringComparer.Ordinal));
        Queue<string> open = new([""]);
        int tried = 0;
        while (open.TryDequeue(out string? typed))
        {
            foreach (string word in FrameWords.Find(typed))
            {
                tried++;
                if (word[^1] is not (':' or '='))
                    Assert.Equal(typed.Split(':')[0] == "length" ? "length" : word.Split(':')[0], Codecs.Parse(word).ToString()!.Split(':')[0]);
                if (word.Count(each => each == ':') < 4)
                    open.Enqueue(word[^1] is ':' or '=' ? word : word + ":");
            }
        }

        Assert.InRange(tried, 100, 1000);
    }

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
