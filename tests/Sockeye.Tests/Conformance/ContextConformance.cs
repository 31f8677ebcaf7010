using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Continuations run without a synchronization context, whatever the caller has.</summary>
public abstract class ContextConformance(NetworkFixture fixture) : WaitingConformance(fixture)
{
    [Theory]
    [MemberData(nameof(Calls))]
    public Task A_call_resumes_without_a_context(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        if (blocked.UnblockAsync is not { } unblockAsync)
            return;
        CountingContext context = new();
        Task<SynchronizationContext?> after = context.Within(() => ResumedInAsync(blocked.Start(CancellationToken.None)));
        await unblockAsync();
        Assert.Null(await after);
        Assert.Equal(0, context.Posts);
    });

    [Fact]
    public Task A_poll_resumes_without_a_context() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        CountingContext context = new();
        Task<SynchronizationContext?> after = context.Within(() => ResumedInAsync(server.UntilAsync(SocketEvents.Readable).AsTask()));
        await client.SendTextAsync("x");
        Assert.Null(await after);
    });

    [Fact]
    public Task A_connection_resumes_without_a_context() => RunConnectedAsync(StreamKind.Tcp4, async (client, server) =>
    {
        CountingContext context = new();
        Task<SynchronizationContext?> reading = context.Within(() => ResumedInAsync(server.Input.ReadAsync().AsTask()));
        await client.WriteTextAsync("x");
        Assert.Null(await reading);
        Task<SynchronizationContext?> closing = context.Within(() => ResumedInAsync(client.DisposeAsync().AsTask()));
        server.Abort();
        Assert.Null(await closing);
        Assert.Equal(0, context.Posts);
    });

    [Fact]
    public Task Listening_and_connecting_resume_without_a_context() => RunAsync(async () =>
    {
        CountingContext context = new();
        await using Listener listener = await context.Within(() => Fixture.Server.ListenAsync("tcp://localhost:0").AsTask());
        Task<SynchronizationContext?> accepting = context.Within(() => ResumedInAsync(listener.AcceptAsync().AsTask()));
        await using Connection client = await context.Within(() => Fixture.Server.ConnectAsync(listener.Address).AsTask());
        Assert.Null(await accepting);
        Assert.Equal(0, context.Posts);
        client.Abort();
    });

    private static async Task<SynchronizationContext?> ResumedInAsync(Task task)
    {
        Assert.False(task.IsCompleted);
        await task.ConfigureAwait(false);
        return SynchronizationContext.Current;
    }

    /// <summary>A context that would be noticed.</summary>
    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }

        public T Within<T>(Func<T> call)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                return call();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
