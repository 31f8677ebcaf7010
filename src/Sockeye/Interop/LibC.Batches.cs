using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>Several messages in one call (recvmmsg(2), sendmmsg(2)), and one message that is cut into many datagrams (udp(7)).</summary>
internal static unsafe partial class LibC
{
    public const int UdpLevel = 17;

    /// <summary>Sending: so many bytes a datagram, a ushort (Linux 4.18).</summary>
    public const int SegmentOption = 103;

    /// <summary>Receiving: several datagrams as one message; and what tells their length beside it, an int (Linux 5.0).</summary>
    public const int CoalesceOption = 104;

    /// <summary>Sends the messages in order.</summary>
    /// <returns>0, or the error number of the first; of a later one nothing is known until it is the first.</returns>
    public static int SendMessages(SafeHandle socket, MultiMessage* messages, int count, out int sent)
    {
        do
        {
            sent = sendmmsg(socket, messages, (uint)count, DontWait | NoSignal);
        }
        while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        return Number(ref sent);
    }

    /// <summary>Receives what is there. An error behind a message is the kernel's to tell at the next call.</summary>
    /// <returns>0, or an error number.</returns>
    public static int ReceiveMessages(SafeHandle socket, MultiMessage* messages, int count, out int received)
    {
        do
        {
            received = recvmmsg(socket, messages, (uint)count, DontWait, null);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        return Number(ref received);
    }

    private static int Number(ref int count)
    {
        if (count >= 0)
            return 0;
        count = 0;
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MultiMessage
    {
        public MessageHeader Header;
        public uint Length;

        public readonly bool IsTruncated => (Header.Flags & Truncated) != 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sendmmsg(SafeHandle socket, MultiMessage* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int recvmmsg(SafeHandle socket, MultiMessage* messages, uint count, int flags, void* timeout);
}
