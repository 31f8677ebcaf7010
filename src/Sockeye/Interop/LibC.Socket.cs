using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>sys/socket.h of Linux: what System.Net.Sockets can only do by throwing, or not at all.</summary>
internal static unsafe partial class LibC
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Truncated = 0x20;
    private const int ControlTruncated = 0x8;
    private const int CloseOnExec = 0x40000000;
    private const int NonBlockAccept = 0x800;
    private const int CloseOnExecAccept = 0x80000;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int Stream = 1;
    private const int IPv6Level = 41;
    private const int IPv6OnlyOption = 26;

    /// <summary>A socket address is at most this long: sockaddr_storage.</summary>
    public const int AddressMax = 128;

    private enum Family : ushort
    {
        Unix = 1,
        InterNetwork = 2,
        InterNetworkV6 = 10,
    }

    /// <summary>A TCP socket in non-blocking mode, and of IPv6 for IPv6 only, as System.Net.Sockets makes them.</summary>
    public static SocketError CreateTcp(AddressFamily family, out Descriptor? made)
    {
        bool isIPv6 = family == AddressFamily.InterNetworkV6;
        made = null;
        int descriptor = socket((int)(isIPv6 ? Family.InterNetworkV6 : Family.InterNetwork), Stream | NonBlockAccept | CloseOnExecAccept, (int)ProtocolType.Tcp);
        if (descriptor < 0)
            return Errno.ToSocketError(Marshal.GetLastPInvokeError());
        made = new Descriptor(descriptor);
        int on = 1;
        return isIPv6 ? SetOption(made, IPv6Level, IPv6OnlyOption, new ReadOnlySpan<byte>(&on, sizeof(int))) : SocketError.Success;
    }

    public static SocketError Accept(SafeHandle listener, out Descriptor? accepted)
    {
        accepted = null;
        int descriptor;
        while ((descriptor = accept4(listener, null, null, NonBlockAccept | CloseOnExecAccept)) < 0)
        {
            if (Marshal.GetLastPInvokeError() is not Errno.Interrupted and var error)
                return Errno.ToSocketError(error);
        }

        accepted = new Descriptor(descriptor);
        return SocketError.Success;
    }

    public static SocketError Connect(SafeHandle socket, SocketAddress address)
    {
        fixed (byte* bytes = address.Buffer.Span)
        {
            if (connect(socket, bytes, (uint)address.Size) == 0)
                return SocketError.Success;
        }

        // A connect that was interrupted goes on (POSIX); its end is waited for like that of any other.
        int error = Marshal.GetLastPInvokeError();
        return error == Errno.Interrupted ? SocketError.InProgress : Errno.ToSocketError(error);
    }

    public static SocketError Bind(SafeHandle socket, SocketAddress address)
    {
        fixed (byte* bytes = address.Buffer.Span)
            return Result(bind(socket, bytes, (uint)address.Size));
    }

    public static SocketAddress? LocalAddress(SafeHandle socket)
    {
        byte* bytes = stackalloc byte[AddressMax];
        uint length = AddressMax;
        return getsockname(socket, bytes, &length) == 0 ? ToAddress(bytes, length) : null;
    }

    public static SocketAddress? RemoteAddress(SafeHandle socket)
    {
        byte* bytes = stackalloc byte[AddressMax];
        uint length = AddressMax;
        return getpeername(socket, bytes, &length) == 0 ? ToAddress(bytes, length) : null;
    }

    public static SocketError Receive(SafeHandle socket, Span<byte> buffer, SocketFlags flags, out int count)
    {
        nint received;
        do
        {
            fixed (byte* bytes = buffer)
                received = recv(socket, bytes, (nuint)buffer.Length, (int)(flags & PortableFlags) | DontWait);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

        count = (int)Math.Max(received, 0);
        return received < 0 ? Errno.ToSocketError(Marshal.GetLastPInvokeError()) : SocketError.Success;
    }

    public static SocketError Send(SafeHandle socket, ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        nint sent;
        do
        {
            fixed (byte* bytes = buffer)
                sent = send(socket, bytes, (nuint)buffer.Length, (int)(flags & PortableFlags) | DontWait | NoSignal);
        }
        while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

        count = (int)Math.Max(sent, 0);
        return sent < 0 ? Errno.ToSocketError(Marshal.GetLastPInvokeError()) : SocketError.Success;
    }

    public static SocketError Shutdown(SafeHandle socket, SocketShutdown how) => Result(shutdown(socket, (int)how));

    public static SocketError GetOption(SafeHandle socket, int level, int name, Span<byte> value, out int length)
    {
        uint size = (uint)value.Length;
        fixed (byte* bytes = value)
        {
            int result = getsockopt(socket, level, name, bytes, &size);
            length = result == 0 ? (int)size : 0;
            return Result(result);
        }
    }

    public static SocketError SetOption(SafeHandle socket, int level, int name, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
            return Result(setsockopt(socket, level, name, bytes, (uint)value.Length));
    }

    /// <summary>One message and its true length: with MSG_TRUNC the kernel returns it even when the buffer is shorter.</summary>
    public static SocketError ReceiveFrom(SafeHandle socket, Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        byte* name = stackalloc byte[AddressMax];
        nint received;
        uint nameLength;
        do
        {
            nameLength = AddressMax;
            fixed (byte* bytes = buffer)
                received = recvfrom(socket, bytes, (nuint)buffer.Length, (int)(flags & PortableFlags) | DontWait | Truncated, name, &nameLength);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

        if (received < 0)
        {
            result = default;
            return Errno.ToSocketError(Marshal.GetLastPInvokeError());
        }

        if (from is not null)
            Fill(from, new ReadOnlySpan<byte>(name, (int)Math.Min(nameLength, AddressMax)));
        result = new DatagramResult((int)Math.Min(received, buffer.Length), received > buffer.Length);
        return SocketError.Success;
    }

    public static SocketError SendTo(SafeHandle socket, ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count)
    {
        nint sent;
        do
        {
            fixed (byte* bytes = buffer, name = to.Buffer.Span)
                sent = sendto(socket, bytes, (nuint)buffer.Length, (int)(flags & PortableFlags) | DontWait | NoSignal, name, (uint)to.Size);
        }
        while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);

        count = (int)Math.Max(sent, 0);
        return sent < 0 ? Errno.ToSocketError(Marshal.GetLastPInvokeError()) : SocketError.Success;
    }

    public static SocketError Pair(SocketType type, out Descriptor? first, out Descriptor? second)
    {
        first = second = null;
        int* descriptors = stackalloc int[2];
        int native = type switch
        {
            SocketType.Stream => 1,
            SocketType.Dgram => 2,
            _ => 5,
        };
        if (socketpair((int)Family.Unix, native | NonBlockAccept | CloseOnExecAccept, 0, descriptors) != 0)
            return Errno.ToSocketError(Marshal.GetLastPInvokeError());
        first = new Descriptor(descriptors[0]);
        second = new Descriptor(descriptors[1]);
        return SocketError.Success;
    }

    public static SocketError SendDescriptors(SafeHandle socket, ReadOnlySpan<byte> data, ReadOnlySpan<SafeHandle> descriptors, out int count)
    {
        count = 0;
        int controlLength = descriptors.Length == 0 ? 0 : ControlSpace(descriptors.Length);
        byte* control = stackalloc byte[Math.Max(controlLength, 1)];
        int held = 0;
        try
        {
            if (controlLength > 0)
            {
                ControlHeader* header = (ControlHeader*)control;
                header->Length = (nuint)(sizeof(ControlHeader) + (descriptors.Length * sizeof(int)));
                header->Level = SocketLevel;
                header->Type = Rights;
                int* numbers = (int*)(header + 1);
                for (bool added = false; held < descriptors.Length; held++, added = false)
                {
                    // The reference keeps the number from being closed, and given to another file, until the kernel has it.
                    descriptors[held].DangerousAddRef(ref added);
                    numbers[held] = (int)descriptors[held].DangerousGetHandle();
                }
            }

            fixed (byte* bytes = data)
            {
                Vector vector = new() { Base = bytes, Length = (nuint)data.Length };
                MessageHeader message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)controlLength };
                nint sent;
                while ((sent = sendmsg(socket, &message, DontWait | NoSignal)) < 0)
                {
                    if (Marshal.GetLastPInvokeError() is not Errno.Interrupted and var error)
                        return Errno.ToSocketError(error);
                }

                count = (int)sent;
                return SocketError.Success;
            }
        }
        finally
        {
            while (held-- > 0)
                descriptors[held].DangerousRelease();
        }
    }

    public static SocketError ReceiveDescriptors(SafeHandle socket, Span<byte> buffer, int max, out int count, out int[] descriptors, out bool truncated)
    {
        count = 0;
        descriptors = [];
        truncated = false;
        // Not one byte more: the kernel fills what alignment adds with one descriptor over the number asked for (CMSG_LEN, not CMSG_SPACE; cmsg(3)).
        int controlLength = max == 0 ? 0 : sizeof(ControlHeader) + (max * sizeof(int));
        byte* control = stackalloc byte[Math.Max(controlLength, 1)];
        fixed (byte* bytes = buffer)
        {
            Vector vector = new() { Base = bytes, Length = (nuint)buffer.Length };
            MessageHeader message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)controlLength };
            nint received;
            while ((received = recvmsg(socket, &message, DontWait | CloseOnExec)) < 0)
            {
                if (Marshal.GetLastPInvokeError() is not Errno.Interrupted and var error)
                    return Errno.ToSocketError(error);
            }

            count = (int)received;
            truncated = (message.Flags & ControlTruncated) != 0;
            if (message.ControlLength >= (nuint)sizeof(ControlHeader))
            {
                ControlHeader* header = (ControlHeader*)control;
                if (header->Level == SocketLevel && header->Type == Rights)
                    descriptors = new ReadOnlySpan<int>(header + 1, (int)(header->Length - (nuint)sizeof(ControlHeader)) / sizeof(int)).ToArray();
            }

            return SocketError.Success;
        }
    }

    /// <summary>The flags whose numbers are the same in .NET and on Linux: out-of-band, peek, don't route.</summary>
    private static SocketFlags PortableFlags => SocketFlags.OutOfBand | SocketFlags.Peek | SocketFlags.DontRoute;

    private static int ControlSpace(int descriptors)
    {
        int align = sizeof(nuint);
        return sizeof(ControlHeader) + (((descriptors * sizeof(int)) + align - 1) / align * align);
    }

    private static SocketError Result(int returned) =>
        returned == 0 ? SocketError.Success : Errno.ToSocketError(Marshal.GetLastPInvokeError());

    private static SocketAddress ToAddress(byte* bytes, uint length)
    {
        AddressFamily family = *(ushort*)bytes switch
        {
            1 => AddressFamily.Unix,
            2 => AddressFamily.InterNetwork,
            10 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        SocketAddress address = new(family, (int)Math.Max(length, 2));
        Fill(address, new ReadOnlySpan<byte>(bytes, (int)length));
        return address;
    }

    private static void Fill(SocketAddress address, ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = address.Buffer.Span;
        if (bytes.Length == 0)
        {
            // The sender has no name: an unbound Unix datagram socket, or a connected stream.
            target.Clear();
            if (address.Family == AddressFamily.Unspecified)
                BitConverter.TryWriteBytes(target, (ushort)Family.Unix);
            address.Size = 2;
            return;
        }

        int length = Math.Min(bytes.Length, target.Length);
        bytes[..length].CopyTo(target);
        address.Size = length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(SafeHandle socket, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(SafeHandle socket, int level, int name, byte* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeHandle socket, int level, int name, byte* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(SafeHandle socket, byte* address, uint* addressLength, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(SafeHandle socket, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(SafeHandle socket, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(SafeHandle socket, byte* address, uint* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeername(SafeHandle socket, byte* address, uint* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvfrom(SafeHandle socket, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendto(SafeHandle socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* descriptors);
}
