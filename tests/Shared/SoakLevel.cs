using System.Globalization;

namespace Sockeye.Testing;

/// <summary>
/// How hard a test marked <c>[Trait("Category", "Soak")]</c> shall try: a moment in <c>./test</c>, long in <c>./soak</c>.
/// </summary>
internal static class SoakLevel
{
    /// <summary>Whether this is <c>./soak</c> (<c>SOCKEYE_SOAK=1</c>).</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("SOCKEYE_SOAK") == "1";

    /// <summary>How long one test goes on in the long form: <c>SOCKEYE_SOAK_SECONDS</c>, ten minutes unless set.</summary>
    public static TimeSpan LongDuration { get; } = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("SOCKEYE_SOAK_SECONDS"), CultureInfo.InvariantCulture, out int seconds)
            ? seconds
            : 600);

    /// <summary>A count, size or time for each form.</summary>
    public static T Scale<T>(T shortValue, T longValue) => IsLong ? longValue : shortValue;

    /// <summary>For loops that go on until a time is over: the short form's, or <see cref="LongDuration"/>.</summary>
    public static TimeSpan Duration(TimeSpan shortValue) => Scale(shortValue, LongDuration);
}
