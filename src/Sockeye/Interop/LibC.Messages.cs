using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>recvmsg with what the kernel says beside a message, and packet sockets (packet(7)).</summary>
internal static unsafe partial class LibC
{
    /// <summary>The most that control messages of one receive take here.</summary>
    public const int ControlMax = 512;

    private const int ErrorQueue = 0x2000;
    private const int PacketFamily = 17;
    private const int DatagramSocketType = 2;
    private const int AttachFilterOption = 26;

    /// <summary>One message, its true length, who sent it, and what the kernel says beside it.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="name">The sender's sockaddr, or of the error queue the destination's; up to 128 bytes.</param>
    /// <param name="control">Control messages, for <see cref="ControlMessages"/>.</param>
    /// <param name="fromErrorQueue">Takes from the queue of errors instead (MSG_ERRQUEUE, recv(2)).</param>
    /// <param name="received">How much of everything came.</param>
    public static SocketError ReceiveMessage(
        SafeHandle socket, Span<byte> buffer, Span<byte> name, Span<byte> control, bool fromErrorQueue, out ReceivedMessage received)
    {
        fixed (byte* bytes = buffer, names = name, controls = control)
        {
            Vector vector = new() { Base = bytes, Length = (nuint)buffer.Length };
            MessageHeader message;
            nint count;
            do
            {
                message = new()
                {
                    Name = names,
                    NameLength = (uint)name.Length,
                    Vectors = &vector,
                    VectorCount = 1,
                    Control = controls,
                    ControlLength = (nuint)control.Length,
                };
                count = recvmsg(socket, &message, DontWait | Truncated | (fromErrorQueue ? ErrorQueue : 0));
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

            received = default;
            if (count < 0)
                return Errno.ToSocketError(Marshal.GetLastPInvokeError());
            received = new ReceivedMessage((int)count, (int)Math.Min(message.NameLength, (uint)name.Length), (int)message.ControlLength);
            return SocketError.Success;
        }
    }

    /// <summary>
    /// Bytes of a stream, and whether something that is no bytes came with them and was dropped: descriptors of a Unix socket (unix(7)). There a receive stops short, whatever
    /// is behind them.
    /// </summary>
    public static SocketError ReceiveBytes(SafeHandle socket, Span<byte> buffer, out int count, out bool stoppedAtControl)
    {
        nint received;
        MessageHeader message;
        fixed (byte* bytes = buffer)
        {
            Vector vector = new() { Base = bytes, Length = (nuint)buffer.Length };
            do
            {
                message = new() { Vectors = &vector, VectorCount = 1 };
                received = recvmsg(socket, &message, DontWait);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }

        count = (int)Math.Max(received, 0);
        stoppedAtControl = (message.Flags & ControlTruncated) != 0;
        return received < 0 ? Errno.ToSocketError(Marshal.GetLastPInvokeError()) : SocketError.Success;
    }

    /// <summary>Puts the bytes of a sockaddr into a <see cref="SocketAddress"/>.</summary>
    public static void FillAddress(SocketAddress address, ReadOnlySpan<byte> name) => Fill(address, name);

    /// <summary>A packet socket that hears nothing yet: packets begin at their IP header (SOCK_DGRAM).</summary>
    public static SocketError OpenPacketSocket(out Descriptor? opened)
    {
        opened = null;
        int descriptor = socket(PacketFamily, DatagramSocketType | NonBlockAccept | CloseOnExecAccept, 0);
        if (descriptor < 0)
            return Errno.ToSocketError(Marshal.GetLastPInvokeError());
        opened = new Descriptor(descriptor);
        return SocketError.Success;
    }

    /// <summary>From now on the packet socket hears every protocol on every interface, or on one (sockaddr_ll).</summary>
    public static SocketError BindPacketSocket(SafeHandle socket, int interfaceIndex)
    {
        const int AddressLength = 20;
        byte* address = stackalloc byte[AddressLength];
        new Span<byte>(address, AddressLength).Clear();
        *(ushort*)address = PacketFamily;
        address[3] = 3; // ETH_P_ALL in network order: with a protocol of its own the socket would not hear what this machine sends.
        *(int*)(address + 4) = interfaceIndex;
        return Result(bind(socket, address, AddressLength));
    }

    /// <summary>Lets the kernel drop what a classic BPF program returns 0 for (SO_ATTACH_FILTER).</summary>
    public static SocketError AttachFilter(SafeHandle socket, ReadOnlySpan<ulong> program)
    {
        fixed (ulong* instructions = program)
        {
            FilterProgram filter = new() { Length = (ushort)program.Length, Instructions = instructions };
            return Result(setsockopt(socket, SocketLevel, AttachFilterOption, (byte*)&filter, (uint)sizeof(FilterProgram)));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public ulong* Instructions;
    }
}
