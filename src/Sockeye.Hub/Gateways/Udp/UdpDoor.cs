using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;
using Sockeye.Hub.Running;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>What all clients of the UDP door share.</summary>
internal sealed class UdpDoor
{
    private const int TokenKeyBytes = 32;

    private readonly GatewayContext _context;
    private readonly DatagramSocket _socket;
    private readonly NameRules _names = new NameRules();
    private readonly PlainMessages _messages;

    public UdpDoor(GatewayContext context, DatagramSocket socket, UdpLimits limits)
    {
        (_context, _socket, Limits) = (context, socket, limits);
        HubOptions options = context.Options;
        DatagramBytesMax = context.Options.Limits.Chat.MessageBytesMax + limits.CommandBytesMax;
        Clients = new UdpClients(new ConnectionLimits(options.UdpClientsMax, options.UdpClientsPerAddressMax, options.LimitsLoopback), limits.GoodByesMax);
        AddressTokens tokens = new(RandomNumberGenerator.GetBytes(TokenKeyBytes), Time, limits.TokenLifetime);
        Strangers = new UdpStrangers(limits, tokens, DatagramBytesMax);
        _messages = new PlainMessages(Time);
        Here = Dialect(_messages.Here);
        Elsewhere = Dialect(_messages.Elsewhere);
        ToYou = Dialect(_messages.ToYou);
        FromYou = Dialect(_messages.FromYou);
    }

    public UdpLimits Limits { get; }

    public ChatLimits ChatLimits => _context.Options.Limits.Chat;

    public HubLoop Loop => _context.Loop;

    public TimeProvider Time => _context.Network.TimeProvider;

    public UdpClients Clients { get; }

    public UdpStrangers Strangers { get; }

    /// <summary>The longest datagram that is taken.</summary>
    public int DatagramBytesMax { get; }

    public Dialect<UdpMessage> Here { get; }

    public Dialect<UdpMessage> Elsewhere { get; }

    public Dialect<UdpMessage> ToYou { get; }

    public Dialect<UdpMessage> FromYou { get; }

    /// <summary>Today.</summary>
    public int Day => _messages.DayOf(Time.GetUtcNow());

    /// <summary>Somebody of the same host who has a name that nobody keeps by a password.</summary>
    public UdpClient? FindGuest(IPAddress host, string name) =>
        KeyOf(name) is { } key
            ? Array.Find(Clients.All(), client => client.Address.Address.Equals(host) && client.Member is { HasPassword: false } member && KeyOf(member.Name) == key)
            : null;

    /// <summary>Sends a datagram. One that does not go is lost, as datagrams may be.</summary>
    public async ValueTask SendAsync(byte[] datagram, IPEndPoint to)
    {
        try
        {
            await _socket.SendAsync(datagram, to).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its receiver cannot be reached, or the hub has closed.
        }
    }

    private string? KeyOf(string name) => _names.Read(name, int.MaxValue, out _, out string key) is null ? key : null;

    /// <summary>The message's number, then the line that every plain-text door shows.</summary>
    private Dialect<UdpMessage> Dialect(Func<Message, string> line) =>
        new(message => new UdpMessage(
            UdpPieces.Of(FormattableString.Invariant($"{message.Number} {line(message)}"), Limits.PieceBytesMax), _messages.DayOf(message.At)));
}
