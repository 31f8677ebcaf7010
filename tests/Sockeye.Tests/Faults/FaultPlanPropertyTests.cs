using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Faults;

public class FaultPlanPropertyTests
{
    private static readonly string[] Fragments =
    [
        "delay", "rate", "slice", "merge", "cut-after", "half-open", "reset", "refuse", "drop", "up:", "down:", ";", ",", "=", "±", "+-", "1", "50ms", "10us", "1mbit", "8kB/s", "1%", "none", " ", "\0", "٣", "-", ".",
    ];

    [Fact]
    public void Every_plan_reads_back_as_it_prints() =>
        Prop.ForAll(Arb.From(FaultPlans.All()), plan => Assert.Equal(plan, FaultPlan.Parse(plan.ToString()))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Any_text_is_a_plan_that_round_trips_or_a_format_error()
    {
        Gen<string> strings = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
        Gen<string> collages = Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts));
        Gen<string> mutations = from plan in FaultPlans.All()
                                let text = plan.ToString()
                                from position in Gen.Choose(0, text.Length - 1)
                                from fragment in Gen.Elements(Fragments)
                                from removed in Gen.Choose(0, 2)
                                select text[..position] + fragment + text[Math.Min(text.Length, position + removed)..];
        Prop.ForAll(Arb.From(Gen.OneOf(strings, collages, mutations)), text =>
        {
            if (FaultPlan.TryParse(text, out FaultPlan? plan, out string? error))
                Assert.Equal(plan, FaultPlan.Parse(plan.ToString()));
            else
                Assert.Equal(error, Assert.Throws<FormatException>(() => FaultPlan.Parse(text)).Message);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    [Fact]
    public void The_generator_reaches_every_word()
    {
        string all = string.Join(' ', Gen.Sample(FaultPlans.All(), 2000));

        Assert.All(FaultKeys.Names, name => Assert.Contains(name, all, StringComparison.Ordinal));
        Assert.Contains("up: ", all, StringComparison.Ordinal);
    }
}
