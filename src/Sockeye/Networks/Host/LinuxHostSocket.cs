using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// On Linux: trying without exceptions, a message's true length, and what only Linux has, by direct system calls on the same descriptor.
/// </summary>
internal partial class LinuxHostSocket : HostSocket
{
    private const int SocketLevel = 1;
    private const int ReuseAddressOption = 2;
    private const int PendingErrorOption = 4;
    private const int KeepAliveOption = 9;
    private const int OutOfBandInlineOption = 10;
    private const int ReusePortOption = 15;
    private const int PeerCredentialsOption = 17;
    private const int LingerOption = 13;
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;
    private const int KeepAliveTimeOption = 4;
    private const int TcpInfoOption = 11;
    private const int TcpInfoMax = 256;

    private bool _isNew;
    private bool _lingers;
    private bool _hasStoppedShort;

    public LinuxHostSocket(SystemNetwork network, Socket socket, AddressFamily family, SocketType type, ProtocolType protocol)
        : base(network, socket, family, type, protocol)
    {
    }

    public LinuxHostSocket(SystemNetwork network, Descriptor descriptor, AddressFamily family, SocketType type, ProtocolType protocol)
        : base(network, descriptor, family, type, protocol)
    {
    }

    /// <summary>A connection has what was set on its listening socket (tcp(7)).</summary>
    internal override bool InheritsNoDelay => true;

    /// <summary>It was just made, by no more than <c>socket(2)</c>: it has no peer.</summary>
    internal void MarkNew() => _isNew = true;

    /// <summary>Not while another may have the descriptor, which keeps it open, nor where the caller has said how it is to be closed (SO_LINGER).</summary>
    private protected override bool EndsByClosingCore => SocketType == SocketType.Stream && !IsDescriptorShared && !_lingers;

    /// <summary>
    /// A receive that stopped short has taken all there was. The first wait has the epoll watch the socket, and that reports what is there by then: no call is needed in between
    /// that would find nothing.
    /// </summary>
    internal override bool IsToWaitFirst()
    {
        bool hasStoppedShort = _hasStoppedShort;
        _hasStoppedShort = false;
        return hasStoppedShort && PollKey < 0;
    }

    protected internal override EndPoint? LocalEndPointCore =>
        Name(static handle => LibC.LocalAddress(handle)) is { } local && !(local is UnixDomainSocketEndPoint unix && unix.ToString().Length == 0) ? local : null;

    protected internal override EndPoint? RemoteEndPointCore => Name(static handle => LibC.RemoteAddress(handle));

    protected internal override PeerCredentials PeerCredentialsCore
    {
        get
        {
            if (AddressFamily != AddressFamily.Unix)
                return base.PeerCredentialsCore;
            Span<int> credentials = stackalloc int[3];
            SocketError error = GetRawOptionCore(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(credentials), out _);
            return error == SocketError.Success ? new PeerCredentials(credentials[0], credentials[1], credentials[2]) : throw Failure(error, "read the credentials of");
        }
    }

    protected internal override TcpInfo TcpInfoCore
    {
        get
        {
            if (SocketType != SocketType.Stream || AddressFamily == AddressFamily.Unix)
                return base.TcpInfoCore;
            Span<byte> info = stackalloc byte[TcpInfoMax];
            SocketError error = GetRawOptionCore(TcpLevel, TcpInfoOption, info, out int length);
            return error == SocketError.Success ? TcpInfo.Parse(info[..length]) : throw Failure(error, "read TCP_INFO of");
        }
    }

    protected internal override bool ReusePortCore
    {
        get
        {
            SocketError error = GetInteger(SocketLevel, ReusePortOption, out int value);
            return error == SocketError.Success ? value != 0 : throw Failure(error, "read SO_REUSEPORT of");
        }

        set
        {
            SocketError error = SetInteger(SocketLevel, ReusePortOption, value ? 1 : 0);
            if (error != SocketError.Success)
                throw Failure(error, "set SO_REUSEPORT of");
        }
    }

    protected internal override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value)
    {
        if (Direct(level, name) is not var (nativeLevel, nativeName))
            return base.SetOptionCore(level, name, value);
        try
        {
            return SetInteger(nativeLevel, nativeName, value);
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    protected internal override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        if (Direct(level, name) is not var (nativeLevel, nativeName))
            return base.GetOptionCore(level, name, out value);
        try
        {
            return GetInteger(nativeLevel, nativeName, out value);
        }
        catch (ObjectDisposedException)
        {
            value = 0;
            return SocketError.OperationAborted;
        }
    }

    protected internal override SocketError BindCore(EndPoint local)
    {
        if (local is not UnixDomainSocketEndPoint path)
            return base.BindCore(local);

        // System.Net.Sockets would remove the file on close by its name, even when it is another server's by then.
        SocketError error = LibC.Bind(Descriptor, local.Serialize());
        if (error == SocketError.Success)
            Extras.BoundPath = UnixSocketFile.Identify(path);
        return error;
    }

    /// <summary>An address of only a family asks the kernel for an abstract name (unix(7), autobind).</summary>
    protected internal override SocketError BindAutomaticallyCore()
    {
        if (AddressFamily != AddressFamily.Unix)
            return SocketError.Success;
        return LibC.Bind(Descriptor, new SocketAddress(AddressFamily.Unix, size: 2));
    }

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        socket = null;
        if (!DescriptorReserve.TryFill())
            return (PollCore(SocketEvents.Readable) & SocketEvents.Readable) != 0 ? SocketError.TooManyOpenSockets : SocketError.WouldBlock;
        SocketError error = LibC.Accept(Descriptor, out Descriptor? accepted);
        if (accepted is not null)
        {
            DescriptorReserve.Accepted(accepted);
            LinuxHostSocket wrapped = Host.WrapAccepted(accepted, this);
            wrapped._lingers = _lingers;
            socket = wrapped;
        }
        else if (error == SocketError.TooManyOpenSockets)
            DescriptorReserve.Release();
        return error;
    }

    protected internal override SocketError TakeErrorCore()
    {
        try
        {
            SocketError error = GetInteger(SocketLevel, PendingErrorOption, out int value);
            return error == SocketError.Success ? Errno.ToSocketError(value) : error;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    private protected override bool MayBeConnected => !_isNew;

    protected internal override SocketError TryConnectCore(EndPoint remote)
    {
        _isNew = false;
        SocketError error = LibC.Connect(Descriptor, remote.Serialize());

        // A Unix listener whose backlog is full answers EAGAIN, and no event follows: that is a refusal, not a wait.
        return error == SocketError.WouldBlock ? SocketError.ConnectionRefused : error;
    }

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        if (Reader is null)
        {
            SocketError plain = LibC.Receive(Descriptor, buffer, flags, out count);
            _hasStoppedShort = count > 0 && count < buffer.Length;
            return plain;
        }

        SocketError error = TryReceiveFromCore(buffer, flags, from: null, out DatagramResult result);
        count = result.Count;
        return error;
    }

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count) =>
        LibC.Send(Descriptor, buffer, flags, out count);

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        if (Reader is { } reader)
            return reader.Receive(Descriptor, buffer, flags, from, out result);
        if (SocketType != SocketType.Stream)
            return LibC.ReceiveFrom(Descriptor, buffer, flags, from, out result);
        SocketError error = TryReceiveCore(buffer, flags, out int count);
        result = new DatagramResult(count, Truncated: false);
        return error;
    }

    protected internal override SocketError TryReceiveManyCore(IReadOnlyList<Memory<byte>> buffers, SocketFlags flags, out int count) =>
        Reader is null ? base.TryReceiveManyCore(buffers, flags, out count) : GatherScatter.Receive(this, buffers, flags, out count);

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count) =>
        LibC.SendTo(Descriptor, buffer, flags, to, out count);

    protected internal override SocketError TrySendDescriptorsCore(ReadOnlySpan<byte> data, ReadOnlySpan<SafeHandle> descriptors, out int count)
    {
        if (AddressFamily != AddressFamily.Unix)
            return base.TrySendDescriptorsCore(data, descriptors, out count);
        return LibC.SendDescriptors(Descriptor, data, descriptors, out count);
    }

    protected internal override SocketError TryReceiveDescriptorsCore(Span<byte> buffer, int max, out DescriptorResult result)
    {
        if (AddressFamily != AddressFamily.Unix)
            return base.TryReceiveDescriptorsCore(buffer, max, out result);
        SocketError error = LibC.ReceiveDescriptors(Descriptor, buffer, max, out int count, out int[] descriptors, out bool truncated);
        result = new DescriptorResult(count, Array.ConvertAll(descriptors, descriptor => new SafeFileHandle(descriptor, ownsHandle: true)), truncated);
        return error;
    }

    protected internal override SocketError ShutdownCore(SocketShutdown how) =>
        LibC.Shutdown(Descriptor, how);

    protected internal override SocketError GetRawOptionCore(int level, int name, Span<byte> value, out int length) =>
        LibC.GetOption(Descriptor, level, name, value, out length);

    protected internal override SocketError SetRawOptionCore(int level, int name, ReadOnlySpan<byte> value)
    {
        _lingers |= (level, name) == (SocketLevel, LingerOption);
        return LibC.SetOption(Descriptor, level, name, value);
    }

    protected internal override SocketEvents PollCore(SocketEvents events)
    {
        SocketEvents found = LibC.Poll(Descriptor, events, milliseconds: 0, endIsHangUp: SocketType == SocketType.Seqpacket);
        return HoldsMessage ? found | (events & SocketEvents.Readable) : found;
    }

    protected internal override void CloseCore(bool reset)
    {
        try
        {
            // While the socket is open its file's number is nobody else's, and nobody finds a file that does not answer.
            KnownExtras?.BoundPath?.RemoveFile();
        }
        finally
        {
            base.CloseCore(reset);
        }
    }

    /// <summary>struct linger: on, 0 seconds (socket(7)).</summary>
    protected override void SetLingerZero() => SetRawOptionCore(SocketLevel, LingerOption, MemoryMarshal.AsBytes<int>([1, 0]));

    protected override bool WaitThread(SocketEvents events, TimeSpan? timeout) => IsBlindWait(events)
        ? LinuxPoll.Pause(BlindRetry, timeout)
        : LinuxPoll.Wait(this, events, timeout, Host.TimeProvider);

    /// <summary>
    /// Options that do not go through System.Net.Sockets: it means SO_REUSEPORT too when it says ReuseAddress, which lets a second server take the
    /// port unnoticed; and NoDelay and keep-alive are set on every connection of a server, which should not cost each a Socket.
    /// </summary>
    private static (int Level, int Name)? Direct(SocketOptionLevel level, SocketOptionName name) => (level, name) switch
    {
        (SocketOptionLevel.Socket, SocketOptionName.ReuseAddress) => (SocketLevel, ReuseAddressOption),
        (SocketOptionLevel.Socket, SocketOptionName.KeepAlive) => (SocketLevel, KeepAliveOption),
        (SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline) => (SocketLevel, OutOfBandInlineOption),
        (SocketOptionLevel.Tcp, SocketOptionName.NoDelay) => (TcpLevel, NoDelayOption),
        (SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime) => (TcpLevel, KeepAliveTimeOption),
        _ => null,
    };

    private SocketError GetInteger(int level, int option, out int value)
    {
        value = 0;
        return GetRawOptionCore(level, option, MemoryMarshal.AsBytes(new Span<int>(ref value)), out _);
    }

    private SocketError SetInteger(int level, int option, int value) =>
        SetRawOptionCore(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref value)));

    private EndPoint? Name(Func<SafeHandle, SocketAddress?> ask)
    {
        try
        {
            if (ask(Descriptor) is not { } address || address.Family == AddressFamily.Unspecified)
                return null;
            EndPoint endPoint = EndPoints.FromAddress(address);
            return endPoint is IPEndPoint { Port: 0 } && SocketType is SocketType.Stream or SocketType.Dgram && IsUnbound(endPoint) ? null : endPoint;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static bool IsUnbound(EndPoint endPoint) =>
        endPoint is IPEndPoint ip && (ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any));
}
