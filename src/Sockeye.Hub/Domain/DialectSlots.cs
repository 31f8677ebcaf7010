namespace Sockeye.Hub.Domain;

/// <summary>Each dialect's place in a message.</summary>
internal static class DialectSlots
{
    private static int Taken = -1;

    public static int Take() => Interlocked.Increment(ref Taken);
}
