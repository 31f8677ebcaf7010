using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests.Transport;

/// <summary>Where the application goes on, over a pipe that resumes whoever waits at once, as a reactor does.</summary>
public sealed class ReadAheadInputTests
{
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly List<Exception?> _ends = [];

    [Fact]
    public async Task The_application_goes_on_on_the_pool()
    {
        ReadAheadInput input = Start(inline: false);
        Task<(bool IsPool, int Thread)> reading = WhereAsync(input);
        await OnThreadAsync(() => _pipe.Writer.WriteAsync(new byte[1]).AsTask());

        Assert.True((await reading.WaitAsync(Hang.Limit)).IsPool);
    }

    [Fact]
    public async Task Inline_it_goes_on_where_the_network_is()
    {
        ReadAheadInput input = Start(inline: true);
        Task<(bool IsPool, int Thread)> reading = WhereAsync(input);
        int thread = 0;
        await OnThreadAsync(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            return _pipe.Writer.WriteAsync(new byte[1]).AsTask();
        });

        Assert.Equal((false, thread), await reading.WaitAsync(Hang.Limit));
    }

    [Fact]
    public async Task Nothing_goes_on_within_a_call_that_cancels()
    {
        // Whoever cancels may hold a lock.
        ReadAheadInput input = Start(inline: true);
        await _pipe.Writer.WriteAsync(new byte[1]);
        ReadResult seen = await input.ReadAsync();
        input.AdvanceTo(seen.Buffer.Start, seen.Buffer.End);
        bool isCancelling = false, wasWithin = false;
        Task reading = ReadAsync();
        await OnThreadAsync(() =>
        {
            isCancelling = true;
            input.CancelPendingRead();
            isCancelling = false;
            return Task.CompletedTask;
        });
        await reading.WaitAsync(Hang.Limit);

        Assert.False(wasWithin);

        async Task ReadAsync()
        {
            Assert.True((await input.ReadAsync().ConfigureAwait(false)).IsCanceled);
            wasWithin = isCancelling && !Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    [Fact]
    public async Task The_end_is_told_once_and_stays()
    {
        ReadAheadInput input = Start(inline: true);
        await _pipe.Writer.WriteAsync(new byte[3]);
        await _pipe.Writer.CompleteAsync();
        ReadResult result = await input.ReadAsync();
        while (!result.IsCompleted)
        {
            input.AdvanceTo(result.Buffer.Start);
            result = await input.ReadAsync();
        }

        Assert.Equal(3, result.Buffer.Length);
        input.AdvanceTo(result.Buffer.End);
        Assert.True((await input.ReadAsync()).IsCompleted);
        Assert.Equal([null], _ends.Distinct());
    }

    [Fact]
    public async Task Misuse_is_told()
    {
        ReadAheadInput input = Start(inline: true);
        Assert.Throws<InvalidOperationException>(() => input.AdvanceTo(default));
        Task<ReadResult> reading = input.ReadAsync().AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.ReadAsync());
        await _pipe.Writer.WriteAsync(new byte[1]);
        ReadResult result = await reading;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.ReadAsync());
        input.AdvanceTo(result.Buffer.End);
        input.Complete();
        input.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.ReadAsync());
    }

    [Fact]
    public async Task A_failure_reaches_who_waits_and_who_comes()
    {
        ReadAheadInput input = Start(inline: false);
        Task<ReadResult> reading = input.ReadAsync().AsTask();
        await _pipe.Writer.CompleteAsync(new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset));

        ConnectionResetException first = await Assert.ThrowsAsync<ConnectionResetException>(() => reading.WaitAsync(Hang.Limit));
        Assert.Same(first, await Assert.ThrowsAsync<ConnectionResetException>(async () => await input.ReadAsync()));
        Assert.Same(first, Assert.Single(_ends));
    }

    [Fact]
    public async Task What_was_examined_is_not_given_again_for_nothing()
    {
        ReadAheadInput input = Start(inline: true);
        await _pipe.Writer.WriteAsync(new byte[5]);
        ReadResult result = await input.ReadAsync();
        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Task<ReadResult> reading = input.ReadAsync().AsTask();

        // A read below may end without a byte: a cancel that came too late for the one before, say.
        _pipe.Reader.CancelPendingRead();
        Assert.False(reading.IsCompleted);
        await _pipe.Writer.WriteAsync(new byte[1]);
        result = await reading.WaitAsync(Hang.Limit);
        Assert.Equal((6, false), (result.Buffer.Length, result.IsCanceled));
    }

    [Fact]
    public async Task What_is_read_ahead_has_a_limit()
    {
        // Its writer waits until all was looked at.
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        ReadAheadInput input = new(pipe.Reader, aheadMax: 1000, new Resuming(inline: false), _ends.Add);
        input.Start();
        for (int i = 0; i < 3; i++)
            await pipe.Writer.WriteAsync(new byte[300]).AsTask().WaitAsync(Hang.Limit);
        Task<FlushResult> last = pipe.Writer.WriteAsync(new byte[300]).AsTask();

        // What was queued before has its turn first: a read without a limit would have been made by then.
        for (int i = 0; i < 1000; i++)
            await BehindTheQueueAsync();
        Assert.False(last.IsCompleted);
        ReadResult result = await input.ReadAsync();
        Assert.Equal(1200, result.Buffer.Length);
        input.AdvanceTo(result.Buffer.End);
        await last.WaitAsync(Hang.Limit);
    }

    private static async Task<(bool IsPool, int Thread)> WhereAsync(ReadAheadInput input)
    {
        ReadResult result = await input.ReadAsync().ConfigureAwait(false);
        (bool IsThreadPoolThread, int) where = (Thread.CurrentThread.IsThreadPoolThread, Environment.CurrentManagedThreadId);
        input.AdvanceTo(result.Buffer.End);
        return where;
    }

    private static Task BehindTheQueueAsync()
    {
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.SetResult(), turn, preferLocal: false);
        return turn.Task;
    }

    /// <summary>A thread of its own, as a reactor's.</summary>
    private static async Task OnThreadAsync(Func<Task> work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            work().GetAwaiter().GetResult();
            done.SetResult();
        });
        thread.Start();
        await done.Task.WaitAsync(Hang.Limit);
    }

    private ReadAheadInput Start(bool inline)
    {
        ReadAheadInput input = new(_pipe.Reader, aheadMax: 1000, new Resuming(inline), _ends.Add);
        input.Start();
        return input;
    }
}
