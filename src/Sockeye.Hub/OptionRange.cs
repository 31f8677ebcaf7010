using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Sockeye.Hub;

/// <summary>From where to where an option may be: what its <see cref="RangeAttribute"/> says, and how that is told to people.</summary>
public sealed class OptionRange
{
    private readonly IComparable _least;
    private readonly IComparable _most;

    private OptionRange(IComparable least, IComparable most) => (_least, _most) = (least, most);

    /// <summary>The one of a property of <see cref="HubOptions"/> or of what is in it; null: it has none.</summary>
    public static OptionRange? Of(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? new OptionRange(Read(property.PropertyType, range.Minimum), Read(property.PropertyType, range.Maximum))
        : null;

    /// <summary>Whether a value is within it.</summary>
    public bool Has(object value) => _least.CompareTo(value) <= 0 && _most.CompareTo(value) >= 0;

    /// <summary>What a value would have to be: "it is a whole number from 1 to 1,000,000".</summary>
    public override string ToString() => $"it is {KindOf(_least)} from {Print(_least)} to {Print(_most)}";

    /// <summary>A value as it is told: 1,000,000 or 0.5 or 250ms.</summary>
    public static string Print(object value) => value switch
    {
        TimeSpan time when time.TotalMilliseconds % 1000 != 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.####}ms"),
        TimeSpan { TotalHours: >= 1 } time when time.TotalHours % 1 == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours}h"),
        TimeSpan { TotalMinutes: >= 1 } time when time.TotalMinutes % 1 == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes}m"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s"),
        double number => number.ToString("#,0.####", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:#,0}"),
    };

    private static string KindOf(object value) => value switch
    {
        TimeSpan => "a time",
        double => "a number",
        _ => "a whole number",
    };

    /// <summary>Times stand in attributes as texts.</summary>
    private static IComparable Read(Type type, object bound) =>
        type == typeof(TimeSpan) ? TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture) : (IComparable)bound;
}
