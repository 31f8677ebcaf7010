using System.Text.RegularExpressions;

namespace Sockeye.Tests.Conformance;

/// <summary><c>docs/ARCHITECTURE.md</c> says of every network which features it lacks: the tests that need them do not exist there.</summary>
public partial class FeatureTableTests
{
    public static TheoryData<string> Fixtures => [.. from type in typeof(NetworkFixture).Assembly.GetTypes()
        where type.IsAssignableTo(typeof(NetworkFixture)) && !type.IsAbstract select type.Name];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task What_a_network_lacks_is_told(string name)
    {
        Type type = typeof(NetworkFixture).Assembly.GetTypes().Single(each => each.Name == name);
        await using NetworkFixture fixture = (NetworkFixture)Activator.CreateInstance(type, nonPublic: true)!;

        IEnumerable<string> lacks = from feature in Enum.GetValues<Feature>()
                                    where feature is not (Feature.None or Feature.All) && !fixture.Can(feature)
                                    select $"{feature}";

        Match row = Assert.Single(Row().Matches(Documents.Read("ARCHITECTURE.md")), match => match.Groups["fixture"].Value == name);
        Assert.Equal(lacks.Order(StringComparer.Ordinal), row.Groups["feature"].Captures.Select(capture => capture.Value));
    }

    [GeneratedRegex(@"^\| [^|]+ \| `(?<fixture>\w+Fixture)` \| (`(?<feature>\w+)`(, )?)* ?\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
