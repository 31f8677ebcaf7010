using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// Descriptors that accepting keeps free for everybody else. A .NET process without a single one does not live long: starting a thread takes
/// two, loading an assembly one, and a pool that cannot start a thread ends the process. So connections take all but these: when they run
/// out the reserve is let go, and nothing is accepted until it is whole again.
/// </summary>
internal static class DescriptorReserve
{
    /// <summary>How many: enough for some threads and files meanwhile.</summary>
    public const int Count = 16;

    private static readonly Lock Gate = new();
    private static readonly List<Descriptor> Held = new(Count);
    private static volatile bool Whole;

    /// <summary>Fills the reserve; false: there are not so many descriptors, and it was let go again.</summary>
    public static bool TryFill() => Whole || TryFillNow();

    /// <summary>Descriptors have run out: others shall have these.</summary>
    public static void Release()
    {
        lock (Gate)
        {
            Whole = false;
            foreach (Descriptor descriptor in Held)
                descriptor.Dispose();
            Held.Clear();
        }
    }

    private static bool TryFillNow()
    {
        lock (Gate)
        {
            while (Held.Count < Count)
            {
                if (LibC.TryCreateEvent() is not { } descriptor)
                {
                    Release();
                    return false;
                }

                Held.Add(descriptor);
            }

            return Whole = true;
        }
    }
}
