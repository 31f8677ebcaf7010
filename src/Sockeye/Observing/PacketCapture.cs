using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// The packets of one conversation as this machine's interfaces see them, and the ICMP errors about them, beside what the sockets say. Linux only, and only for who has the capability
/// CAP_NET_RAW: a packet socket (packet(7)) with a filter that the kernel runs. It sees the network namespace it was opened in.
/// </summary>
/// <remarks>
/// What was not read yet waits in the kernel's buffer of <see cref="BufferLength"/> bytes; what does not fit there is counted in <see cref="Dropped"/>.
/// Of the two times that a packet over loopback is seen, one is left out.
/// </remarks>
public sealed class PacketCapture : IDisposable
{
    /// <summary>The most bytes of a packet that are kept.</summary>
    public const int PacketLengthMax = ushort.MaxValue;

    /// <summary>How many bytes of packets, with the kernel's own data about each, wait to be read.</summary>
    public const int BufferLength = 4 << 20;

    private const int SocketLevel = 1;
    private const int PacketLevel = 263;
    private const int StatisticsOption = 6;
    private const int ReceiveBufferOption = 8;
    private const int ForcedReceiveBufferOption = 33;
    private const int TimestampOption = 35;

    private readonly LinuxHostSocket _socket;
    private readonly PacketReader _reader;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[PacketLengthMax];
    private long _dropped;

    private PacketCapture(LinuxHostSocket socket, PacketFilter filter, TimeProvider time) =>
        (_socket, _reader, _time) = (socket, new PacketReader(filter), time);

    /// <summary>How many packets the kernel had no room for.</summary>
    public long Dropped
    {
        get
        {
            // struct tpacket_stats: all, dropped; reading sets both to zero.
            Span<byte> statistics = stackalloc byte[2 * sizeof(uint)];
            if (!_socket.IsClosed && LibC.GetOption(_socket.Descriptor, PacketLevel, StatisticsOption, statistics, out int length) == SocketError.Success && length == statistics.Length)
                Interlocked.Add(ref _dropped, BitConverter.ToUInt32(statistics[sizeof(uint)..]));
            return Interlocked.Read(ref _dropped);
        }
    }

    /// <summary>Begins to capture: what crosses from now on is seen.</summary>
    /// <param name="filter">Which packets.</param>
    /// <exception cref="SocketException">With <see cref="SocketError.AccessDenied"/>: the program lacks CAP_NET_RAW; the message says how to get it.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static PacketCapture Open(PacketFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Packets are captured on Linux only.");
        if (filter.Protocol is not (ProtocolType.Tcp or ProtocolType.Udp))
            throw new ArgumentException($"TCP and UDP can be captured, not {filter.Protocol}.", nameof(filter));
        if (filter.Local is { } local && local.AddressFamily != filter.Remote.AddressFamily)
            throw new ArgumentException($"{filter.Remote} and {local} are of two families; a packet has one.", nameof(filter));

        SocketError error = LibC.OpenPacketSocket(out Descriptor? descriptor);
        if (error == SocketError.AccessDenied)
            throw SocketErrors.Create(error, "capture packets", where: null, $"run it as root; {RawSocketAdvice.Capability()}", "it needs the capability CAP_NET_RAW");
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, "capture packets");
        LinuxHostSocket socket = HostNetwork.Shared.Wrap(descriptor!, AddressFamily.Packet, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            Prepare(socket, filter);
            return new PacketCapture(socket, filter, HostNetwork.Shared.TimeProvider);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The packets as they come; it ends when the token fires or this is disposed.</summary>
    public async IAsyncEnumerable<CapturedPacket> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!_socket.IsClosed)
        {
            uint epoch = _socket.EpochCore(SocketEvents.Readable);
            SocketError error = TryReceive(out CapturedPacket? packet);
            if (packet is not null)
                yield return packet;
            else if (error == SocketError.WouldBlock)
                await _socket.WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, cancellationToken).ConfigureAwait(false);
            else if (error is not (SocketError.Success or SocketError.OperationAborted or SocketError.NetworkDown))
                throw SocketErrors.Create(error, "capture packets");
        }
    }

    /// <summary>Takes one packet without waiting.</summary>
    /// <param name="packet">Null: there was none that could be read.</param>
    /// <returns>Success, <see cref="SocketError.WouldBlock"/> when nothing is there, or the error.</returns>
    public SocketError TryReceive(out CapturedPacket? packet)
    {
        packet = null;
        Span<byte> name = stackalloc byte[LibC.AddressMax];
        Span<byte> control = stackalloc byte[LibC.ControlMax];
        ReceivedMessage received;
        try
        {
            SocketError error = LibC.ReceiveMessage(_socket.Descriptor, _buffer, name, control, fromErrorQueue: false, out received);
            if (error != SocketError.Success)
                return error;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }

        DateTime? stamp = KernelTime.Read(new ControlMessages(control[..received.ControlLength]).Find(SocketLevel, TimestampOption));
        packet = _reader.Read(_buffer.AsSpan(0, Math.Min(received.Count, _buffer.Length)), stamp is { } time ? new DateTimeOffset(time) : _time.GetUtcNow());
        return SocketError.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Dropped;
        _socket.Dispose();
    }

    private static void Prepare(LinuxHostSocket socket, PacketFilter filter)
    {
        // The filter first: a packet socket that is bound hears everything.
        SocketError error = LibC.AttachFilter(socket.Descriptor, PacketFilterProgram.Compile(filter));
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, "filter the packets to capture");
        byte[] length = new byte[sizeof(int)];
        BitConverter.TryWriteBytes(length, BufferLength);

        // Above the system's limit only with CAP_NET_ADMIN; less room means more drops, which are counted.
        if (LibC.SetOption(socket.Descriptor, SocketLevel, ForcedReceiveBufferOption, length) != SocketError.Success)
            LibC.SetOption(socket.Descriptor, SocketLevel, ReceiveBufferOption, length);
        LibC.SetOption(socket.Descriptor, SocketLevel, TimestampOption, BitConverter.GetBytes(1));
        error = LibC.BindPacketSocket(socket.Descriptor, interfaceIndex: 0);
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, "capture packets");
    }
}
