using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What one connection does is none of the others' business, though they share a thread.</summary>
public abstract class ContainmentTests(Engine engine) : ReactorTests(engine)
{
    private static readonly AsyncLocal<string?> Local = new();

    [Fact]
    public Task What_a_callback_throws_is_reported_and_the_others_live_on() => RunAsync(async () =>
    {
        Channel<Exception> errors = Channel.CreateUnbounded<Exception>();
        LinuxNetwork network = Open(options: new LinuxNetworkOptions { OnError = e => errors.Writer.TryWrite(e) });
        using ReactorPair one = await ConnectAsync(network);
        using ReactorPair other = await ConnectAsync(network);
        Task echoing = EchoOnceAsync(other.Connection);

        InvalidOperationException ofWork = new("a work item's"), ofRead = new("a raw continuation's");
        Post(one.Connection.Socket!, () => throw ofWork);
        Assert.Same(ofWork, await errors.Reader.ReadAsync());
        Then(one.Connection.Input.ReadAsync(), () => throw ofRead);
        await one.Peer.SendTextAsync("x");
        Assert.Same(ofRead, await errors.Reader.ReadAsync());

        await other.Peer.SendTextAsync("still here");
        Assert.Equal("still here", await other.Peer.ReceiveTextAsync());
        await echoing;
        Assert.False(errors.Reader.TryRead(out _));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Nobody_need_be_told_and_who_is_told_may_fail(bool isTold) => RunAsync(async () =>
    {
        int told = 0;
        LinuxNetwork network = Open(options: new LinuxNetworkOptions { OnError = isTold ? Fail : null });
        using ReactorPair pair = await ConnectAsync(network);
        for (int i = 0; i < 3; i++)
            Post(pair.Connection.Socket!, () => throw new InvalidOperationException("nobody's"));
        await StartOn(pair.Connection.Socket!, () => Task.CompletedTask);
        Assert.Equal(isTold ? 3 : 0, told);
        Task echoing = EchoOnceAsync(pair.Connection);
        await pair.Peer.SendTextAsync("still here");
        Assert.Equal("still here", await pair.Peer.ReceiveTextAsync());
        await echoing;

        void Fail(Exception e)
        {
            told++;
            throw e;
        }
    });

    [Fact]
    public Task What_one_leaves_in_its_context_no_other_sees() => RunAsync(async () =>
    {
        LinuxNetwork network = Open();
        using ReactorPair one = await ConnectAsync(network);
        using ReactorPair other = await ConnectAsync(network);
        NetworkSocket socket = one.Connection.Socket!;
        List<string?> seen = [];
        Task<string?> reading = ReadLocalAsync(other.Connection);

        Post(socket, () => Local.Value = "a work item's");
        Post(socket, () => seen.Add(Local.Value));

        // Before the continuation returns, the next is queued behind it.
        TaskCompletionSource hasBeenSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Then(one.Connection.Input.ReadAsync(), () =>
        {
            Local.Value = "a raw continuation's";
            Post(socket, () => seen.Add(Local.Value));
            hasBeenSet.SetResult();
        });
        await one.Peer.SendTextAsync("x");
        await hasBeenSet.Task;
        await StartOn(socket, async () =>
        {
            seen.Add(Local.Value);
            Local.Value = "a handler's";
            await new FairTurn(socket);
            Assert.Equal("a handler's", Local.Value);
        });
        await StartOn(socket, () =>
        {
            seen.Add(Local.Value);
            return Task.CompletedTask;
        });
        await other.Peer.SendTextAsync("x");
        Assert.Null(await reading);
        Assert.Equal([null, null, null, null], seen);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_callback_leaves_neither_a_context_nor_a_flow_that_is_stopped(bool resumeOnReactor) => RunAsync(async () =>
    {
        LinuxNetwork network = Open(options: new LinuxNetworkOptions { ResumeOnReactor = resumeOnReactor });
        using ReactorPair pair = await ConnectAsync(network);
        List<SynchronizationContext?> contexts = [];
        bool isStopped = true;
        Post(pair.Connection.Socket!, () => contexts.Add(SynchronizationContext.Current));
        Post(pair.Connection.Socket!, () =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            ExecutionContext.SuppressFlow();
        });
        await StartOn(pair.Connection.Socket!, () =>
        {
            contexts.Add(SynchronizationContext.Current);
            isStopped = ExecutionContext.IsFlowSuppressed();
            return Task.CompletedTask;
        });
        Assert.Equal(contexts[0], contexts[1]);
        Assert.Equal(resumeOnReactor, contexts[1] is not null);
        Assert.False(isStopped);
    });

    /// <summary>A bare continuation, with no task around it.</summary>
    private static void Then(ValueTask<ReadResult> reading, Action continuation) => reading.GetAwaiter().UnsafeOnCompleted(continuation);

    private static async Task EchoOnceAsync(Connection connection)
    {
        ReadResult result = await connection.Input.ReadAsync();
        await connection.WriteAsync(result.Buffer.First);
        connection.Input.AdvanceTo(result.Buffer.End);
    }

    private static async Task<string?> ReadLocalAsync(Connection connection)
    {
        await connection.Input.ReadAsync();
        return Local.Value;
    }
}
