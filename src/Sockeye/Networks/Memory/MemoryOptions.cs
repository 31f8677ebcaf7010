using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// The options of a socket in memory: those of its kind, with the defaults of Linux. Some have an effect here (sizes, reuse, broadcast,
/// IPv6 only, multicast loopback); the others are kept so that programs that set them run.
/// </summary>
internal sealed class MemoryOptions
{
    /// <summary>Each direction of a stream is bounded by its sender's send buffer and its receiver's receive buffer together.</summary>
    public const int StreamBufferDefault = 64 * 1024;

    /// <summary>Linux's default (net.core.rmem_default); it holds the largest datagram.</summary>
    public const int DatagramBufferDefault = 208 * 1024;

    private static readonly Dictionary<(SocketOptionLevel Level, SocketOptionName Name), Option> Known = new()
    {
        [(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.ExclusiveAddressUse)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.Broadcast)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.DontRoute)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.Debug)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline)] = Flag(),
        [(SocketOptionLevel.Socket, SocketOptionName.Linger)] = new(0, 0, int.MaxValue),
        [(SocketOptionLevel.Socket, SocketOptionName.SendTimeout)] = new(0, 0, int.MaxValue),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout)] = new(0, 0, int.MaxValue),
        [(SocketOptionLevel.Socket, SocketOptionName.SendLowWater)] = new(1, 1, 1),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater)] = new(1, 0, int.MaxValue),
        [(SocketOptionLevel.Socket, SocketOptionName.SendBuffer)] = new(StreamBufferDefault, 0, BufferMax),
        [(SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer)] = new(StreamBufferDefault, 0, BufferMax),
        [(SocketOptionLevel.Tcp, SocketOptionName.NoDelay)] = Flag(),
        [(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)] = new(7200, 1, 32767),
        [(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)] = new(75, 1, 32767),
        [(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)] = new(9, 1, 127),
        [(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive)] = new(64, 1, 255),
        [(SocketOptionLevel.IP, SocketOptionName.TypeOfService)] = new(0, 0, 255),
        [(SocketOptionLevel.IP, SocketOptionName.DontFragment)] = Flag(),
        [(SocketOptionLevel.IP, SocketOptionName.PacketInformation)] = Flag(),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive)] = new(1, 0, 255),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback)] = new(1, 0, int.MaxValue, IsFlag: true),
        [(SocketOptionLevel.IP, SocketOptionName.MulticastInterface)] = new(0, int.MinValue, int.MaxValue),
        [(SocketOptionLevel.IPv6, SocketOptionName.IPv6Only)] = Flag(),
        [(SocketOptionLevel.IPv6, SocketOptionName.IpTimeToLive)] = new(64, 1, 255),
        [(SocketOptionLevel.IPv6, SocketOptionName.HopLimit)] = new(64, 1, 255),
        [(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation)] = Flag(),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive)] = new(1, 0, 255),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback)] = new(1, 0, int.MaxValue, IsFlag: true),
        [(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface)] = new(0, 0, int.MaxValue),
    };

    private const int BufferMax = 256 * 1024 * 1024;

    private readonly AddressFamily _family;
    private readonly SocketType _type;
    private readonly Dictionary<(SocketOptionLevel Level, SocketOptionName Name), int> _set;

    public MemoryOptions(AddressFamily family, SocketType type)
    {
        _family = family;
        _type = type;
        _set = [];
        if (type == SocketType.Dgram)
            SendBufferSize = ReceiveBufferSize = DatagramBufferDefault;
        else
            SendBufferSize = ReceiveBufferSize = StreamBufferDefault;
    }

    /// <summary>An accepted socket's: as its listener's are now.</summary>
    public MemoryOptions(MemoryOptions listener)
    {
        _family = listener._family;
        _type = listener._type;
        _set = new(listener._set);
        (SendBufferSize, ReceiveBufferSize) = (listener.SendBufferSize, listener.ReceiveBufferSize);
        ReusePort = listener.ReusePort;
    }

    public int SendBufferSize { get; private set; }

    public int ReceiveBufferSize { get; private set; }

    public bool ReusePort { get; set; }

    public bool IsSet(SocketOptionLevel level, SocketOptionName name) => Get(level, name, out int value) == SocketError.Success && value != 0;

    public SocketError Get(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        value = 0;
        if (!Knows(level, name))
            return SocketError.ProtocolOption;
        value = (level, name) switch
        {
            (SocketOptionLevel.Socket, SocketOptionName.SendBuffer) => SendBufferSize,
            (SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer) => ReceiveBufferSize,
            _ => _set.TryGetValue((level, name), out int set) ? set : Known[(level, name)].Default,
        };
        return SocketError.Success;
    }

    public SocketError Set(SocketOptionLevel level, SocketOptionName name, int value)
    {
        if (!Knows(level, name))
            return SocketError.ProtocolOption;
        Option option = Known[(level, name)];
        if (option.IsFlag)
            value = value == 0 ? 0 : 1;
        if (value < option.Min || value > option.Max)
            return SocketError.InvalidArgument;
        if ((level, name) == (SocketOptionLevel.Socket, SocketOptionName.SendBuffer))
            SendBufferSize = Math.Max(value, 1);
        else if ((level, name) == (SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer))
            ReceiveBufferSize = Math.Max(value, 1);
        else
            _set[(level, name)] = value;
        return SocketError.Success;
    }

    private bool Knows(SocketOptionLevel level, SocketOptionName name) => Known.ContainsKey((level, name)) && level switch
    {
        SocketOptionLevel.Socket => true,
        SocketOptionLevel.Tcp => _family != AddressFamily.Unix && _type == SocketType.Stream,
        SocketOptionLevel.IP => _family != AddressFamily.Unix,
        _ => _family == AddressFamily.InterNetworkV6,
    };

    private static Option Flag() => new(0, int.MinValue, int.MaxValue, IsFlag: true);

    private readonly record struct Option(int Default, int Min, int Max, bool IsFlag = false);
}
