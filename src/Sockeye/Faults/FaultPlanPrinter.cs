namespace Sockeye;

/// <summary>Writes fault plans: what both directions have in common first, then what is each one's own.</summary>
internal static class FaultPlanPrinter
{
    public const string Nothing = "none";
    public const string Up = "up";
    public const string Down = "down";

    public static string Print(FaultPlan plan)
    {
        string[] sections =
        [
            Section("", FaultKeys.All.Where(key => key.Print(plan, FaultDirection.Up) == key.Print(plan, FaultDirection.Down)), plan, FaultDirection.Up),
            Section($"{Up}: ", FaultKeys.All.Where(key => key.Print(plan, FaultDirection.Up) != key.Print(plan, FaultDirection.Down)), plan, FaultDirection.Up),
            Section($"{Down}: ", FaultKeys.All.Where(key => key.Print(plan, FaultDirection.Up) != key.Print(plan, FaultDirection.Down)), plan, FaultDirection.Down),
        ];
        string text = string.Join("; ", sections.Where(section => section.Length > 0));
        return text.Length == 0 ? Nothing : text;
    }

    private static string Section(string prefix, IEnumerable<FaultKey> keys, FaultPlan plan, FaultDirection direction)
    {
        string[] items = [.. from key in keys let value = key.Print(plan, direction) where value is not null select value.Length == 0 ? key.Name : $"{key.Name}={value}"];
        return items.Length == 0 ? "" : prefix + string.Join(", ", items);
    }
}
