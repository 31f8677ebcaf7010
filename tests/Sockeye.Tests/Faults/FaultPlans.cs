using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Faults;

/// <summary>Plans of all kinds.</summary>
internal static class FaultPlans
{
    public static Gen<FaultPlan> All() =>
        from up in Directions()
        from down in Gen.OneOf(Directions(), Gen.Constant(up))
        from halfOpen in Gen.Elements(false, false, true)
        from reset in Rarely(Times())
        from refuse in Rarely(Gen.OneOf(Gen.Choose(1, FaultPlan.RefuseMax), Gen.Constant(FaultPlan.RefuseAll)))
        select new FaultPlan { Up = up, Down = down, IsHalfOpen = halfOpen, Reset = reset, Refuse = refuse };

    /// <summary>Those after which a stream arrives whole.</summary>
    public static Gen<FaultPlan> Harmless() =>
        from up in Directions()
        from down in Directions()
        select new FaultPlan { Up = Harmless(up), Down = Harmless(down) };

    private static DirectionFaults Harmless(DirectionFaults faults) => faults with
    {
        CutAfter = null,
        Corrupt = 0,
        Rate = faults.Rate is { } rate ? Math.Max(rate, 100_000) : null,
    };

    private static Gen<DirectionFaults> Directions() =>
        from delay in Often(Times(), TimeSpan.Zero)
        from jitter in Often(Times(), TimeSpan.Zero)
        from rate in Rarely(Gen.OneOf(Gen.Choose(8, int.MaxValue).Select(bits => (long)bits), Gen.Elements(8L, 1_000L, 64_000L, 1_000_000L, 1_500_000L, FaultPlan.RateMax)))
        from slice in Rarely(Gen.OneOf(Gen.Choose(1, 20), Gen.Choose(1, FaultPlan.SliceMax)))
        from merge in Often(Times(), TimeSpan.Zero)
        from cut in Rarely(Gen.OneOf(Gen.Choose(1, 1000).Select(count => (long)count), Gen.Constant(FaultPlan.CutAfterMax)))
        from drop in Often(Percents(), 0m)
        from duplicate in Often(Percents(), 0m)
        from reorder in Often(Percents(), 0m)
        from corrupt in Often(Percents(), 0m)
        from slowClose in Often(Times(), TimeSpan.Zero)
        select new DirectionFaults
        {
            Delay = delay,
            Jitter = jitter,
            Rate = rate,
            Slice = slice,
            Merge = merge,
            CutAfter = cut,
            Drop = drop,
            Duplicate = duplicate,
            Reorder = reorder,
            Corrupt = corrupt,
            SlowClose = slowClose,
        };

    private static Gen<TimeSpan> Times() => Gen.OneOf(
        Gen.Choose(0, int.MaxValue).Select(ticks => TimeSpan.FromTicks(ticks)),
        Gen.Choose(0, 200).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)),
        Gen.Choose(0, 3600).Select(seconds => TimeSpan.FromSeconds(seconds)));

    private static Gen<decimal> Percents() => Gen.OneOf(Gen.Choose(0, 1_000_000).Select(parts => parts / 10_000m), Gen.Choose(0, 100).Select(percent => (decimal)percent));

    private static Gen<T> Often<T>(Gen<T> values, T otherwise) => Gen.OneOf(Gen.Constant(otherwise), values);

    private static Gen<T?> Rarely<T>(Gen<T> values)
        where T : struct => Gen.OneOf(Gen.Constant((T?)null), values.Select(value => (T?)value));
}
