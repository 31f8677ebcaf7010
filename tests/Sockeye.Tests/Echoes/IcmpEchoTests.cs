using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Echoes;

/// <summary>Against the kernel of this machine, by whichever socket it allows.</summary>
public class IcmpEchoTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(Hang.Limit);

    public void Dispose()
    {
        _patience.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("127.0.0.1", 56)]
    [InlineData("::1", 56)]
    [InlineData("127.0.0.1", 0)]
    [InlineData("::1", 3)]
    [InlineData("127.0.0.1", IcmpEchoOptions.PayloadLengthMax)]
    [InlineData("::1", IcmpEchoOptions.PayloadLengthMax)]
    public async Task A_host_answers(string host, int length)
    {
        using IcmpEcho echo = Open(IPAddress.Parse(host), new IcmpEchoOptions { PayloadLength = length });
        for (ushort expected = 1; expected <= 3; expected++)
        {
            Assert.Equal(expected, await echo.SendAsync(_patience.Token));
            IcmpEchoAnswer answer = await echo.ReceiveAsync(_patience.Token);
            Assert.Equal((IcmpEchoAnswerKind.Reply, expected, length + 8, false), (answer.Kind, answer.SequenceNumber, answer.Length, answer.IsAltered));
            Assert.Equal(IPAddress.Parse(host), answer.From);
            Assert.InRange(answer.RoundTrip, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30));
            Assert.Equal(64, answer.TimeToLive);
        }
    }

    [Fact]
    public async Task Two_at_once_hear_each_their_own()
    {
        using IcmpEcho first = Open(IPAddress.Loopback), second = Open(IPAddress.Loopback);
        await first.SendAsync(_patience.Token);
        await second.SendAsync(_patience.Token);
        await second.SendAsync(_patience.Token);
        Assert.Equal(1, (await first.ReceiveAsync(_patience.Token)).SequenceNumber);
        Assert.Equal(1, (await second.ReceiveAsync(_patience.Token)).SequenceNumber);
        Assert.Equal(2, (await second.ReceiveAsync(_patience.Token)).SequenceNumber);
        Task<IcmpEchoAnswer> more = first.ReceiveAsync(_patience.Token).AsTask();
        Assert.False(more.IsCompleted);
        await first.SendAsync(_patience.Token);
        IcmpEchoAnswer answer = await more;
        Assert.Equal((IcmpEchoAnswerKind.Reply, 2), (answer.Kind, answer.SequenceNumber));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using IcmpEcho echo = Open(IPAddress.Loopback);
        using CancellationTokenSource stop = new();
        Task<IcmpEchoAnswer> waiting = echo.ReceiveAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_patience.Token));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => IcmpEcho.Open(Network.Host, IPAddress.Loopback, new IcmpEchoOptions { PayloadLength = IcmpEchoOptions.PayloadLengthMax + 1 }));
        Assert.Throws<ArgumentException>(() => IcmpEcho.Open(Network.Host, IPAddress.Loopback, new IcmpEchoOptions { TimeToLive = 256 }));
    }

    internal static IcmpEcho Open(IPAddress address, IcmpEchoOptions? options = null)
    {
        try
        {
            return IcmpEcho.Open(Network.Host, address, options);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
