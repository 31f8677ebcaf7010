namespace Sockeye;

/// <summary>A word of fault plans: what it takes, and where it makes sense.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Targets">The kinds of address it makes sense for.</param>
/// <param name="WhyNot">"for connections": what the others are not.</param>
/// <param name="Expected">What its value may be.</param>
/// <param name="Read">The plan with the value, in both directions or in that one; null where the value is not right.</param>
/// <param name="Print">The value in a direction: null where it is not in the plan, empty where it needs none.</param>
/// <param name="IsForConnection">Whether it is about the connection, and not about one direction.</param>
internal sealed record FaultKey(
    string Name,
    FaultTarget Targets,
    string WhyNot,
    string Expected,
    Func<FaultPlan, FaultDirection, string?, FaultPlan?> Read,
    Func<FaultPlan, FaultDirection, string?> Print,
    bool IsForConnection)
{
    public bool IsIn(FaultPlan plan) => Print(plan, FaultDirection.Up) is not null || Print(plan, FaultDirection.Down) is not null;
}
