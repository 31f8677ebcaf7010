using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections;

/// <summary>One writer at a time, and who waits for the turn hears of every end of one.</summary>
public class WriterTurnTests
{
    private WriterTurn _turn;

    [Fact]
    public void A_turn_that_is_taken_is_nobody_elses()
    {
        Assert.True(_turn.TryEnter());
        Assert.True(_turn.IsTaken);
        Assert.False(_turn.TryEnter());
        Assert.False(_turn.TryEnter(out _));

        _turn.Leave();
        Assert.False(_turn.IsTaken);
        Assert.True(_turn.TryEnter(out _));
        Assert.False(_turn.TryEnter());
    }

    [Fact]
    public async Task All_who_wait_hear_that_the_turn_was_left_and_one_of_them_gets_it()
    {
        Assert.True(_turn.TryEnter());
        Assert.False(_turn.TryEnter(out Task first));
        Assert.False(_turn.TryEnter(out Task second));
        Assert.False(first.IsCompleted || second.IsCompleted);

        _turn.Leave();
        await Task.WhenAll(first, second).Within();
        Assert.True(_turn.TryEnter(out _));
        Assert.False(_turn.TryEnter(out Task third));
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task However_many_compete_one_has_it_at_a_time_and_all_have_it_in_the_end()
    {
        const int Writers = 8;
        const int Rounds = 1000;
        int inside = 0, together = 0;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync))).Within();
        Assert.Equal(0, together);
        Assert.False(_turn.IsTaken);

        async Task WriteAsync()
        {
            for (int round = 0; round < Rounds; round++)
            {
                while (!_turn.TryEnter(out Task left))
                    await left;
                if (Interlocked.Increment(ref inside) != 1)
                    Interlocked.Increment(ref together);
                Interlocked.Decrement(ref inside);
                _turn.Leave();
            }
        }
    }
}
