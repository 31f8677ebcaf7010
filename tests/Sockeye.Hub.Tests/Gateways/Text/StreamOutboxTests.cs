using System.IO.Pipelines;
using Sockeye.Hub.Gateways.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>What waits for one client, and how much of it.</summary>
public class StreamOutboxTests
{
    private const int MessagesMax = 10;
    private const int BytesMax = 100;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Owner _owner = new();
    private readonly StreamOutbox _outbox;

    public StreamOutboxTests() => _outbox = new StreamOutbox(_pipe.Writer, _owner, new OutboxSharing(MessagesMax, BytesMax));

    [Fact]
    public async Task So_many_messages_wait_with_those_the_network_has_not_taken()
    {
        for (int i = 0; i < 4; i++)
            Assert.True(_outbox.TryAdd(new byte[1]));
        _outbox.Flush();
        for (int i = 4; i < MessagesMax; i++)
            Assert.True(_outbox.TryAdd(new byte[1]));
        Assert.False(_outbox.TryAdd(new byte[1]));

        await ReadAllAsync();
        Assert.True(_outbox.TryAdd(new byte[1]));
    }

    [Fact]
    public void So_many_bytes_wait_but_a_single_message_is_always_taken()
    {
        Assert.True(_outbox.TryAdd(new byte[BytesMax + 1]));
        Assert.False(_outbox.TryAdd(new byte[1]));
        StreamOutbox other = new(_pipe.Writer, _owner, new OutboxSharing(MessagesMax, BytesMax));
        Assert.True(other.TryAdd(new byte[BytesMax - 1]));
        Assert.False(other.TryAdd(new byte[2]));
        Assert.True(other.TryAdd(new byte[1]));
    }

    [Fact]
    public async Task The_last_word_is_taken_however_much_waits()
    {
        for (int i = 0; i < MessagesMax; i++)
            _outbox.TryAdd(new byte[1]);
        _outbox.AddLast("bye"u8.ToArray());
        Task flushed = _outbox.FlushAllAsync();

        Assert.Equal(MessagesMax + 3, await ReadAllAsync());
        await flushed.WaitAsync(Hang.Limit);
        Assert.True(_outbox.IsEmpty);
    }

    [Fact]
    public async Task Its_owner_is_told_once_when_all_has_gone()
    {
        _outbox.TryAdd(new byte[1]);
        _outbox.Flush();
        _outbox.TryAdd(new byte[1]);
        _outbox.TellWhenEmpty();
        _outbox.Flush();
        Assert.Equal(0, _owner.Emptied);

        await ReadAllAsync();

        // The outbox is empty a moment before it says so.
        Assert.True(await _owner.Told.WaitAsync(Hang.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(1, _owner.Emptied);
        Assert.True(_outbox.IsEmpty);
        _outbox.TellWhenEmpty();
        _outbox.Flush();
        Assert.Equal(2, _owner.Emptied);
    }

    [Fact]
    public async Task A_connection_that_fails_is_told_and_takes_nothing_more()
    {
        _pipe.Writer.Complete();
        _outbox.TryAdd(new byte[1]);
        _outbox.Flush();

        Assert.IsType<InvalidOperationException>(_owner.Error);
        Assert.False(_outbox.TryAdd(new byte[1]));
        Assert.False(_outbox.IsEmpty);
        await _outbox.FlushAllAsync().WaitAsync(Hang.Limit);
    }

    /// <summary>Reads until nothing waits any more.</summary>
    private async Task<long> ReadAllAsync()
    {
        long bytes = 0;
        while (_pipe.Reader.TryRead(out ReadResult read) || !_outbox.IsEmpty)
        {
            if (read.Buffer.IsEmpty)
            {
                await Task.Yield();
                continue;
            }

            bytes += read.Buffer.Length;
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            read = default;
        }

        return bytes;
    }

    private sealed class Owner : IOutboxOwner
    {
        private int _emptied;

        public int Emptied => Volatile.Read(ref _emptied);

        public Exception? Error { get; private set; }

        /// <summary>Released each time it is told that its outbox is empty.</summary>
        public SemaphoreSlim Told { get; } = new(0);

        public void OnOutboxEmpty()
        {
            Interlocked.Increment(ref _emptied);
            Told.Release();
        }

        public void OnOutboxFailed(Exception error) => Error = error;
    }
}
