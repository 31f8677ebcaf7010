using System.Net.Sockets;

namespace Sockeye.Interop;

/// <summary>Linux's error numbers (errno(3), asm-generic) as <see cref="SocketError"/>s.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoMemory = 12;
    public const int InvalidArgument = 22;
    public const int NotImplemented = 38;
    public const int MessageSize = 90;
    public const int NoProtocolOption = 92;
    public const int NotSupported = 95;
    public const int NoBuffers = 105;
    public const int Cancelled = 125;

    public static SocketError ToSocketError(int errno) => errno switch
    {
        0 => SocketError.Success,
        1 => SocketError.AccessDenied,              // EPERM
        2 => SocketError.AddressNotAvailable,       // ENOENT: no such Unix path
        4 => SocketError.Interrupted,               // EINTR
        9 => SocketError.OperationAborted,          // EBADF: closed meanwhile
        11 => SocketError.WouldBlock,               // EAGAIN
        12 => SocketError.NoBufferSpaceAvailable,   // ENOMEM
        13 => SocketError.AccessDenied,             // EACCES
        14 => SocketError.Fault,                    // EFAULT
        20 => SocketError.AddressNotAvailable,      // ENOTDIR
        22 => SocketError.InvalidArgument,          // EINVAL
        23 => SocketError.TooManyOpenSockets,       // ENFILE
        24 => SocketError.TooManyOpenSockets,       // EMFILE
        28 => SocketError.NoBufferSpaceAvailable,   // ENOSPC
        30 => SocketError.AccessDenied,             // EROFS
        32 => SocketError.Shutdown,                 // EPIPE
        36 => SocketError.InvalidArgument,          // ENAMETOOLONG
        71 => SocketError.ConnectionAborted,        // EPROTO: the peer gave up before it was accepted
        88 => SocketError.NotSocket,                // ENOTSOCK
        89 => SocketError.DestinationAddressRequired,
        90 => SocketError.MessageSize,
        91 => SocketError.ProtocolType,
        92 => SocketError.ProtocolOption,
        93 => SocketError.ProtocolNotSupported,
        94 => SocketError.SocketNotSupported,
        95 => SocketError.OperationNotSupported,
        96 => SocketError.ProtocolFamilyNotSupported,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        102 => SocketError.NetworkReset,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        105 => SocketError.NoBufferSpaceAvailable,
        106 => SocketError.IsConnected,
        107 => SocketError.NotConnected,
        108 => SocketError.Shutdown,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        114 => SocketError.AlreadyInProgress,
        115 => SocketError.InProgress,
        125 => SocketError.OperationAborted,
        _ => SocketError.SocketError,
    };
}
