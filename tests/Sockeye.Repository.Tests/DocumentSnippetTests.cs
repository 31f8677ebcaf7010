using System.Text.RegularExpressions;

namespace Sockeye.Repository.Tests;

/// <summary>
/// The C# that the manuals show is C# that a test runs: every block fenced as <c>```csharp</c> stands word for word, white space aside, in a
/// test's source between <c>// snippet: NAME</c> and <c>// end snippet</c>; and every such snippet is shown.
/// </summary>
public partial class DocumentSnippetTests
{
    private static readonly Dictionary<string, string> Snippets = Repository.FilesIn("tests", ".cs")
        .SelectMany(file => Snippet().Matches(Repository.Read(file)).Select(match => (Name: $"{file}: {match.Groups["name"].Value}", match.Groups["code"].Value)))
        .ToDictionary(snippet => snippet.Name, snippet => Normalize(snippet.Value));

    public static TheoryData<string> Documents => [.. ManualPages];

    private static IEnumerable<string> ManualPages => Repository.FilesIn("docs", ".md").Concat(["README.md", "README.zh.md"]).Concat(Repository.FilesIn("src", "/PACKAGE.md"))
        .Where(file => file is "docs/python-socket.md" or "README.md" or "README.zh.md" || file.EndsWith("/PACKAGE.md", StringComparison.Ordinal) || file.StartsWith("docs/handbook/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_block_of_a_manual_is_run_by_a_test(string document)
    {
        HashSet<string> run = [.. Snippets.Values];
        IEnumerable<string> unknown = Blocks(document).Where(block => !run.Contains(Normalize(block)));
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_snippet_is_shown()
    {
        HashSet<string> shown = [.. ManualPages.SelectMany(Blocks).Select(Normalize)];
        Assert.Empty(Snippets.Where(snippet => !shown.Contains(snippet.Value)).Select(snippet => snippet.Key));
    }

    [Fact]
    public void Every_row_of_the_function_table_has_its_section_with_a_snippet()
    {
        const string Document = "docs/python-socket.md";
        string text = Repository.Read(Document);
        string[] anchors = [.. RowLink().Matches(text).Select(match => match.Groups["anchor"].Value).Distinct()];
        string[] sections = text.Split("\n## ")[1..];
        string[] withSnippet = [.. sections.Where(section => section.Contains("```csharp", StringComparison.Ordinal)).Select(section => Anchor(section.Split('\n')[0]))];

        Assert.NotEmpty(anchors);
        Assert.Empty(anchors.Except(withSnippet));
        Assert.Empty(withSnippet.Except(anchors));
    }

    [Fact]
    public void A_changed_word_is_noticed_and_changed_space_is_not()
    {
        Assert.Equal(Normalize("int count = a\n    .B();   // c"), Normalize("  int count\n= a\n .B();  // c  "));
        Assert.NotEqual(Normalize("a.B();"), Normalize("a.C();"));
    }

    private static IEnumerable<string> Blocks(string document) =>
        Block().Matches(Repository.Read(document)).Select(match => match.Groups["code"].Value);

    private static string Normalize(string code) => Space().Replace(code, " ").Trim();

    /// <summary>The name a heading has in a link.</summary>
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^ *// snippet: (?<name>[^\n]+)\n(?<code>.*?)^ *// end snippet$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\|[^\n]*?\]\(#(?<anchor>[^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex RowLink();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
