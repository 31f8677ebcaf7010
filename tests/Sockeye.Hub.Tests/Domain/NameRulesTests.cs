using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>What may be a name, and which names are the same.</summary>
public class NameRulesTests
{
    private readonly NameRules _rules = new();

    [Theory]
    [InlineData("Tom")]
    [InlineData("tom_2.b-c")]
    [InlineData("Zoë")]
    [InlineData("Zoe\u0308")]
    [InlineData("张伟")]
    [InlineData("山田タロウ")]
    [InlineData("김철수")]
    [InlineData("Иван")]
    [InlineData("محمد")]
    [InlineData("दीपक")]
    [InlineData("7of9")]
    [InlineData("007")]
    [InlineData("１２３")]
    [InlineData("غرفة٣")]
    public void Names_of_one_script_may_be(string text)
    {
        Assert.Null(_rules.Read(text, 24, out string name, out string key));
        Assert.Equal(text, name);
        Assert.NotEmpty(key);
    }

    [Theory]
    [InlineData("", "needs a letter")]
    [InlineData("   ", "needs a letter")]
    [InlineData("two words", "no spaces")]
    [InlineData("<b>", "no '<'")]
    [InlineData("@tom", "no '@'")]
    [InlineData("_tom", "begins with")]
    [InlineData("\u0301e", "begins with")]
    [InlineData("to\u200bm", "invisible")]
    [InlineData("to\u202em", "invisible")]
    [InlineData("to\u0000m", "invisible")]
    [InlineData("to\ufe0fm", "invisible")]
    [InlineData("to\u3164m", "invisible")]
    [InlineData("to\U000e0041m", "invisible")]
    [InlineData("tom😀", "no U+1F600")]
    [InlineData("\ud800tom", "no U+FFFD")]
    [InlineData("abcdefghijklmnopqrstuvwxy", "24 characters")]
    [InlineData("e\u0301\u0302\u0303\u0304", "3 marks")]
    [InlineData("\u0660", "a letter, or a digit from 0 to 9")]
    [InlineData("\u0661\u06f1", "a letter, or a digit from 0 to 9")]
    [InlineData("\u0966.\u0966", "a letter, or a digit from 0 to 9")]
    [InlineData("T\u0660m", "Arabic and Latin")]
    [InlineData("T\u0e50m", "Latin and Thai")]
    [InlineData("Tоm", "Cyrillic and Latin")]
    [InlineData("Tοm", "Greek and Latin")]
    [InlineData("张Иван", "Cyrillic and Han")]
    public void Others_are_refused_with_what_is_wrong(string text, string why)
    {
        string? refusal = _rules.Read(text, 24, out _, out _);

        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tom", "TOM")]
    [InlineData("Tom", "ＴＯＭ")]
    [InlineData("Tom", "T0m")]
    [InlineData("Tom", "ТОМ")]
    [InlineData("Bill", "BiII")]
    [InlineData("fix", "ﬁx")]
    [InlineData("é", "e\u0301")]
    [InlineData("q\u0323\u0307", "q\u0307\u0323")]
    [InlineData("strasse", "STRAẞE")]
    [InlineData("Math", "𝐌𝐚𝐭𝐡")]
    [InlineData("カ", "ｶ")]
    public void Names_that_look_alike_are_the_same(string one, string other)
    {
        Assert.Null(_rules.Read(one, 24, out _, out string key));
        Assert.Null(_rules.Read(other, 24, out _, out string otherKey));
        Assert.Equal(key, otherKey);
    }

    [Theory]
    [InlineData("Tom", "Tim")]
    [InlineData("Tom", "Tom2")]
    [InlineData("é", "e")]
    [InlineData("张伟", "张玮")]
    public void Names_that_differ_are_not(string one, string other)
    {
        Assert.Null(_rules.Read(one, 24, out _, out string key));
        Assert.Null(_rules.Read(other, 24, out _, out string otherKey));
        Assert.NotEqual(key, otherKey);
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused_and_a_key_is_its_own()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            if (_rules.Read(text ?? "", 24, out string name, out string key) is not null)
                return;
            Assert.Null(_rules.Read(name, 24, out _, out string again));
            Assert.Equal(key, again);
            Assert.Null(_rules.Read(name.ToUpperInvariant(), int.MaxValue, out _, out string upper));
            Assert.Equal(key, upper);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000));
    }
}
