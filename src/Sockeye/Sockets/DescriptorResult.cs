using Microsoft.Win32.SafeHandles;

namespace Sockeye;

/// <summary>What <see cref="NetworkSocket.ReceiveDescriptors"/> received.</summary>
/// <param name="Count">The data bytes placed in the buffer; 0 with no descriptors is an end of stream.</param>
/// <param name="Descriptors">The descriptors, in the order sent. The receiver owns them and disposes them.</param>
/// <param name="Truncated">Whether more descriptors were sent than asked for; the kernel has closed the others.</param>
public readonly record struct DescriptorResult(int Count, IReadOnlyList<SafeFileHandle> Descriptors, bool Truncated);
