using System.Net.Sockets;
using Sockeye.Interop;
using Sockeye.Linux.Tests.Interop;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>
/// A request of the ring ends in any order with what cancels it. It ends once, its place is the next one's, and its slot comes back: there is one, so that the next would
/// miss it at once.
/// </summary>
public class RequestTests
{
    private const int Rounds = 200;

    /// <param name="course">What happens to it, by turns of the reactor.</param>
    [Theory]
    [InlineData("request, cancel")]
    [InlineData("request, cancel, cancel")]
    [InlineData("request; cancel")]
    [InlineData("request; cancel, cancel")]
    [InlineData("request; send, cancel")]
    [InlineData("request; send; cancel")]
    [InlineData("send, request, cancel")]
    [InlineData("request; end, cancel")]
    [InlineData("request; end; cancel")]
    [InlineData("send, end, request, cancel")]
    [InlineData("request, close")]
    [InlineData("request; close, cancel")]
    [InlineData("request; send, close")]
    [InlineData("request; send; close")]
    [InlineData("send, request, close")]
    [InlineData("send, end, request, close")]
    public async Task It_ends_once_and_leaves_its_place_and_its_slot(string course)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using LinuxNetwork network = new(new LinuxNetworkOptions { Backend = LinuxBackend.Epoll, ReactorCount = 1 });
        RingBackend ring = new(new RingSizes(Submissions: 2, Completions: 2, Slots: 1));
        Reactor reactor = new(network, index: 0, ring);
        reactor.Start();
        for (int i = 0; i < Rounds; i++)
        {
            await RunAsync(reactor, ring, course).WaitAsync(Hang.Limit);
            await ReceiveAsync(reactor, ring).WaitAsync(Hang.Limit);
        }

        await reactor.StopAsync();
    }

    private static async Task RunAsync(Reactor reactor, RingBackend ring, string course)
    {
        using DescriptorPair pair = new();
        RingReceiver receiver = new(ring, pair.First, new SocketReadiness());
        foreach (string turn in course.Split("; "))
        {
            await OnAsync(reactor, () =>
            {
                foreach (string step in turn.Split(", "))
                    Take(step);
            });
        }

        await EndedAsync(reactor, receiver);

        // What came is here, or still the kernel's.
        byte[] buffer = new byte[8];
        bool isToCome = course.Contains("send", StringComparison.Ordinal) && !course.Contains("close", StringComparison.Ordinal);
        if (isToCome && !(receiver.TryTake(buffer, out int count, out _) && count > 0))
            Assert.Equal((SocketError.Success, 1), (LibC.Receive(pair.First, buffer, SocketFlags.None, out count), count));

        void Take(string step)
        {
            Action action = step switch
            {
                "request" => () => Request(ring, receiver),
                "cancel" => () => ring.Cancel(receiver),
                "send" => pair.Send,
                "end" => pair.End,
                _ => receiver.Close,
            };
            action();
        }
    }

    /// <summary>The next one: in the first place, and into the only slot.</summary>
    private static async Task ReceiveAsync(Reactor reactor, RingBackend ring)
    {
        using DescriptorPair pair = new();
        RingReceiver receiver = new(ring, pair.First, new SocketReadiness());
        pair.Send();
        pair.End();
        await OnAsync(reactor, () => Request(ring, receiver));
        await EndedAsync(reactor, receiver);
        byte[] buffer = new byte[8];
        Assert.True(receiver.TryTake(buffer, out int count, out SocketError error), "no slot was left");
        Assert.Equal((SocketError.Success, 1, DescriptorPair.Sent), (error, count, buffer[0]));
    }

    private static void Request(RingBackend ring, RingReceiver receiver)
    {
        Assert.True(receiver.TryAsk(out _));
        ring.Request(receiver);
        Assert.Equal(0, receiver.Place);
    }

    /// <summary>Goes on when the kernel has ended the request: every turn of the reactor asks it.</summary>
    private static async Task EndedAsync(Reactor reactor, RingReceiver receiver)
    {
        bool isReceiving = true;
        while (isReceiving)
            await OnAsync(reactor, () => isReceiving = receiver.IsReceiving);
        await OnAsync(reactor, () => Assert.Equal(-1, receiver.Place));
    }

    /// <summary>Runs it in a turn of its own.</summary>
    private static Task OnAsync(Reactor reactor, Action callback)
    {
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Queue(new RawWork(() =>
        {
            try
            {
                callback();
                ran.SetResult();
            }
            catch (Exception e)
            {
                ran.SetException(e);
            }
        }));
        return ran.Task;
    }
}
