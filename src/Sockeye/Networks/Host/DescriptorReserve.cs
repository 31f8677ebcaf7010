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

    /// <summary>How many are left besides, while the reserve is held: whoever needs one in that moment must find it.</summary>
    private const int LeftMin = 8;

    private static readonly Lock Gate = new();
    private static readonly List<Descriptor> Held = new(Count);
    private static volatile bool Whole;

    /// <summary>How many descriptors there may be, as it was when the reserve was filled last.</summary>
    private static volatile int Limit = int.MaxValue;

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

    /// <summary>A connection was accepted: if hardly a descriptor is left, others shall have the reserve before they need it.</summary>
    public static void Accepted(Descriptor connection)
    {
        if (IsAmongTheLast(connection))
            Release();
    }

    /// <summary>The kernel gives the lowest number that is free, so this one tells how many are left at most (open(2)).</summary>
    private static bool IsAmongTheLast(Descriptor descriptor) => descriptor.Number >= Limit - LeftMin;

    private static bool TryFillNow()
    {
        lock (Gate)
        {
            Limit = (int)Math.Min(LibC.DescriptorLimit() ?? int.MaxValue, int.MaxValue);
            while (Held.Count < Count)
            {
                Descriptor? descriptor = LibC.TryCreateEvent();
                if (descriptor is not null)
                    Held.Add(descriptor);
                if (descriptor is null || IsAmongTheLast(descriptor))
                {
                    Release();
                    return false;
                }
            }

            return Whole = true;
        }
    }
}
