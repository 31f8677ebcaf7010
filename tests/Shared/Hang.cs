namespace Sockeye.Testing;

/// <summary>When a test that waits is taken to hang.</summary>
internal static class Hang
{
    /// <summary>Far over what any test needs, on a machine however busy: it tells a hang, not a slow machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
