using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Echoes;

/// <summary>What no kernel does on demand: late, double, altered and strangers' answers, and the errors of routers. On a raw socket, by a clock that stands.</summary>
public class IcmpEchoScriptTests : IAsyncDisposable
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.99");
    private static readonly IPAddress Router = IPAddress.Parse("192.0.2.254");

    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedNetwork _network;

    public IcmpEchoScriptTests() => _network = new ScriptedNetwork(_clock);

    private ScriptedSocket Socket => _network.Socket!;

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Round_trips_are_those_of_the_request_that_is_answered()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 3, TimeSpan.FromSeconds(1));
        Socket.Give(Reply(Socket.Sent[1]), There);
        Socket.Give(Reply(Socket.Sent[0]), There);
        IcmpEchoAnswer second = await echo.ReceiveAsync(), first = await echo.ReceiveAsync();
        Assert.Equal((2, 2.0, 1, 3.0), (second.SequenceNumber, second.RoundTrip.TotalSeconds, first.SequenceNumber, first.RoundTrip.TotalSeconds));
        Assert.Equal(51, first.TimeToLive);
        Assert.True(echo.IsRaw);
    }

    [Fact]
    public async Task The_same_reply_again_is_a_duplicate()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 1);
        Socket.Give(Reply(Socket.Sent[0]), There);
        Socket.Give(Reply(Socket.Sent[0]), There);
        Assert.Equal(IcmpEchoAnswerKind.Reply, (await echo.ReceiveAsync()).Kind);
        Assert.Equal(IcmpEchoAnswerKind.Duplicate, (await echo.ReceiveAsync()).Kind);
    }

    [Fact]
    public async Task What_is_not_ours_is_passed_over()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 1);
        byte[] request = Socket.Sent[0];
        Socket.Give(Packet(request), Here);                                  // our own request, as loopback shows it
        Socket.Give(Reply(Changed(request, 4)), There);                      // another program's identifier
        Socket.Give(Reply(Changed(request, 7)), There);                      // a request that was never made
        Socket.Give(Reply(Changed(request, 8)), There);                      // somebody's guess: the nonce is wrong
        Socket.Give(Damaged(Reply(request)), There);                         // the checksum is wrong
        Socket.Give(Error(There, Changed(request, 4)), Router);              // an error about another program's request
        Socket.Give(Error(Here, request), Router);                           // about a request to somebody else
        Socket.Give([0x45, 0], There);
        Socket.Give([], There);
        Socket.Give(Reply(request), There);
        Assert.Equal(IcmpEchoAnswerKind.Reply, (await echo.ReceiveAsync()).Kind);
    }

    [Fact]
    public async Task Altered_data_is_told()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 1);
        Socket.Give(Reply(Changed(Socket.Sent[0], 40)), There);
        Assert.True((await echo.ReceiveAsync()).IsAltered);
    }

    [Fact]
    public async Task An_error_says_who_sent_it()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 2);
        Socket.Give(Error(There, Socket.Sent[1][..8]), Router);
        IcmpEchoAnswer answer = await echo.ReceiveAsync();
        Assert.Equal((IcmpEchoAnswerKind.Error, 2, Router, IcmpKind.TimeExceeded), (answer.Kind, answer.SequenceNumber, answer.From, answer.Error!.Value.Kind));
    }

    [Fact]
    public async Task Answers_to_requests_that_are_forgotten_are_nobodys()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, EchoTable.RequestsMax + 1);
        Socket.Give(Reply(Socket.Sent[0]), There);
        Socket.Give(Reply(Socket.Sent[1]), There);
        Assert.Equal(2, (await echo.ReceiveAsync()).SequenceNumber);
    }

    [Fact]
    public async Task Sequence_numbers_wrap_around()
    {
        using IcmpEcho echo = IcmpEcho.Open(_network, There);
        await SendAsync(echo, 65535);
        Assert.Equal(0, await echo.SendAsync());
        Assert.Equal(1, await echo.SendAsync());
        Socket.Give(Reply(Socket.Sent[^2]), There);
        Assert.Equal(0, (await echo.ReceiveAsync()).SequenceNumber);
    }

    [Fact]
    public void Without_the_right_it_is_said_which_and_how_to_get_it()
    {
        _network.Refusals[SocketType.Raw] = SocketError.AccessDenied;
        SocketException e = Assert.Throws<SocketException>(() => IcmpEcho.Open(_network, There));
        Assert.Equal(SocketError.AccessDenied, e.SocketErrorCode);
        Assert.Contains("CAP_NET_RAW", e.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("sysctl -w net.ipv4.ping_group_range", e.Message, StringComparison.Ordinal);
            Assert.Contains("setcap cap_net_raw", e.Message, StringComparison.Ordinal);
        }
    }

    private async Task SendAsync(IcmpEcho echo, int count, TimeSpan after = default)
    {
        for (int i = 0; i < count; i++)
        {
            await echo.SendAsync();
            _clock.Advance(after);
        }
    }

    private static byte[] Reply(byte[] request)
    {
        IcmpHeader header = IcmpHeader.Parse(request, AddressFamily.InterNetwork);
        return Packet(IcmpHeader.EchoReply(AddressFamily.InterNetwork, header.Identifier, header.SequenceNumber).Emit(request.AsSpan(8)));
    }

    private static byte[] Packet(byte[] message) =>
        new IPv4Header { Source = There, Destination = Here, Protocol = ProtocolType.Icmp, TimeToLive = 51 }.Emit(message);

    private static byte[] Error(IPAddress destination, byte[] request)
    {
        byte[] quoted = new IPv4Header { Source = Here, Destination = destination, Protocol = ProtocolType.Icmp, TimeToLive = 1 }.Emit(request);
        return Packet(IcmpHeader.TimeExceeded(AddressFamily.InterNetwork).Emit(quoted));
    }

    private static byte[] Changed(byte[] request, int at)
    {
        byte[] changed = [.. request];
        changed[at] ^= 0x55;
        return changed;
    }

    private static byte[] Damaged(byte[] packet)
    {
        packet[^1] ^= 1;
        return packet;
    }
}
