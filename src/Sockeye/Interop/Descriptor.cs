using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>
/// A descriptor that is closed with its last use, and plainly: <see cref="System.Net.Sockets.SafeSocketHandle"/> resets a connection when it is
/// disposed without its Socket, and is three times the size.
/// </summary>
internal sealed class Descriptor : SafeHandle
{
    public Descriptor(int number)
        : base(invalidHandleValue: -1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle == -1;

    /// <summary>The number, to look at: it may be another's once this is closed.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
