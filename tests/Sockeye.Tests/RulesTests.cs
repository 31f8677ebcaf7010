using System.Reflection;
using System.Text.RegularExpressions;

namespace Sockeye.Tests;

/// <summary><c>docs/rules.md</c> names a test for every rule, and the test is there.</summary>
public partial class RulesTests
{
    public static TheoryData<string> NamedTests => [.. Row().Matches(Documents.Read("rules.md")).Select(match => match.Groups["test"].Value)];

    [Theory]
    [MemberData(nameof(NamedTests))]
    public void The_test_that_holds_a_rule_exists_and_runs(string named)
    {
        (string type, string method) = named.Split('.') is [var first, var second] ? (first, second) : throw new FormatException(named);
        Type found = Assert.Single(typeof(RulesTests).Assembly.GetTypes(), candidate => candidate.Name == type);
        Assert.NotNull(found.GetMethod(method)?.GetCustomAttribute<FactAttribute>());
        Assert.Contains(typeof(RulesTests).Assembly.GetTypes(), candidate => candidate.IsAssignableTo(found) && !candidate.IsAbstract);
    }

    [Fact]
    public void Every_rule_names_its_test()
    {
        string[] rows = [.. Documents.Read("rules.md").Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("| rule", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal))];

        Assert.True(rows.Length > 50);
        Assert.All(rows, row => Assert.Matches(Row(), row));
    }

    [GeneratedRegex(@"^\| [^|]+ \| `(?<test>\w+\.\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
