using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// Wakes a thread that waits in the kernel: an eventfd(2), watched edge-triggered, so that each write is an event and nobody need read it.
/// </summary>
internal sealed partial class WakeEvent : IDisposable
{
    /// <exception cref="SocketException">No descriptor is left.</exception>
    public WakeEvent() =>
        Descriptor = LibC.TryCreateEvent() ?? throw SocketErrors.Create(SocketError.TooManyOpenSockets, "start a reactor");

    public Descriptor Descriptor { get; }

    public unsafe void Set()
    {
        ulong one = 1;
        try
        {
            // Fails only when 2^64 - 2 wakes were never read.
            _ = write(Descriptor, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to wake.
        }
    }

    public void Dispose() => Descriptor.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(SafeHandle file, ulong* bytes, nuint count);
}
