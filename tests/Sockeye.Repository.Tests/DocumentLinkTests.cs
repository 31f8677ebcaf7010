using System.Text.RegularExpressions;

namespace Sockeye.Repository.Tests;

public partial class DocumentLinkTests
{
    public static TheoryData<string> Documents => [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Relative_links_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(document))!;

        IEnumerable<string> broken = RelativeLinks(Repository.Read(document))
            .Where(link => !Path.Exists(link.StartsWith('/') ? Repository.PathOf(link[1..]) : Path.Combine(folder, link)));

        Assert.Empty(broken);
    }

    [Fact]
    public void Links_are_found_and_code_is_not_searched()
    {
        const string Document = """
            [a](one.md) and ![b](images/two.png "title") and [c](three.md#part) and <img src="four.svg">
            [d](https://example.org/x) and [e](#here) and `[f](code)`
            ```
            [g](fenced.md)
            ```
            [h]: five.md
            """;

        Assert.Equal(["one.md", "images/two.png", "three.md", "four.svg", "five.md"], RelativeLinks(Document));
    }

    private static IEnumerable<string> RelativeLinks(string document) =>
        Link().Matches(Code().Replace(document, ""))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !Absolute().IsMatch(target))
            .Select(target => Uri.UnescapeDataString(target.Split('#', '?')[0]))
            .Where(target => target.Length > 0);

    [GeneratedRegex(@"^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(""""\]\(<?(?<target>[^)\s>]+)>?(\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(?<target>\S+)|\b(href|src)="(?<target>[^">]+)"""", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();
}
