using System.Text;
using Sockeye.Cli.Services.Chat;

namespace Sockeye.Cli.Tests.Services;

public class ChatRoomTests
{
    private readonly ChatRoom _room = new();

    [Fact]
    public void What_one_says_goes_to_all_others_and_never_back()
    {
        Listener one = Join(), two = Join(), three = Join();

        _room.Say(one, "hello\n"u8.ToArray());

        Assert.Empty(one.Heard);
        Assert.Equal(["hello\n"], two.Heard);
        Assert.Equal(["hello\n"], three.Heard);
    }

    [Fact]
    public void Who_is_not_in_the_room_can_speak_to_it()
    {
        Listener one = Join();

        _room.Say(null, "hello\n"u8.ToArray());

        Assert.Equal(["hello\n"], one.Heard);
    }

    [Fact]
    public void Who_has_left_hears_no_more()
    {
        Listener one = Join(), two = Join();

        _room.Leave(two);
        _room.Say(one, "hello\n"u8.ToArray());

        Assert.Empty(two.Heard);
        Assert.Equal(1, _room.Count);
    }

    [Fact]
    public void Who_cannot_take_more_is_put_out_and_the_others_hear_all()
    {
        Listener talker = Join(), slow = Join(), quick = Join();
        slow.TakesMax = 1;

        for (int i = 0; i < 3; i++)
            _room.Say(talker, Encoding.ASCII.GetBytes($"{i}\n"));

        Assert.Equal(["0\n"], slow.Heard);
        Assert.Equal(1, slow.PutOuts);
        Assert.Equal(["0\n", "1\n", "2\n"], quick.Heard);
        Assert.Equal(2, _room.Count);
    }

    [Fact]
    public void Being_put_out_may_come_back_to_the_room()
    {
        Listener talker = Join(), slow = Join(), other = Join();
        slow.TakesMax = 0;
        slow.OnPutOut = () =>
        {
            _room.Leave(slow);
            _room.Say(slow, "goodbye\n"u8.ToArray());
        };

        _room.Say(talker, "hello\n"u8.ToArray());

        Assert.Equal(["hello\n", "goodbye\n"], other.Heard);
    }

    [Fact]
    public async Task Who_talks_waits_for_a_member_that_is_behind()
    {
        Listener talker = Join(), behind = Join();
        TaskCompletionSource caughtUp = new();
        behind.CaughtUp = caughtUp.Task;
        ValueTask pace = _room.PaceAsync(talker, Timeout.InfiniteTimeSpan, TimeProvider.System);
        Assert.False(pace.IsCompleted);
        caughtUp.SetResult();
        await pace;
        Assert.Equal(0, behind.PutOuts);
        Assert.Equal(2, _room.Count);
    }

    [Fact]
    public async Task Who_does_not_catch_up_in_time_is_put_out()
    {
        Listener talker = Join(), behind = Join(), quick = Join();
        behind.CaughtUp = new TaskCompletionSource().Task;
        await _room.PaceAsync(talker, TimeSpan.Zero, TimeProvider.System);
        Assert.Equal((1, 0), (behind.PutOuts, quick.PutOuts));
        Assert.Equal(2, _room.Count);
    }

    [Fact]
    public async Task Nobody_waits_for_himself()
    {
        Listener talker = Join();
        talker.CaughtUp = new TaskCompletionSource().Task;
        await _room.PaceAsync(talker, TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(0, talker.PutOuts);
    }

    [Fact]
    public void More_than_the_room_may_hold_puts_out_those_for_whom_most_waits()
    {
        Listener talker = Join(), slow = Join(), slower = Join(), slowest = Join();
        (slow.Waits, slower.Waits, slowest.Waits) = (10, ChatRoom.WaitingBytesMax / 2, (ChatRoom.WaitingBytesMax / 2) + 1);

        _room.Say(talker, "hello\n"u8.ToArray());

        Assert.Equal((0, 0, 1), (slow.PutOuts, slower.PutOuts, slowest.PutOuts));
        Assert.Equal((ChatRoom.WaitingBytesMax / 2) + 10, _room.WaitingBytes);

        slow.Waits = ChatRoom.WaitingBytesMax + 1;
        _room.Say(talker, "hello\n"u8.ToArray());

        Assert.Equal((1, 0), (slow.PutOuts, slower.PutOuts));
    }

    [Fact]
    public void As_much_as_the_room_may_hold_puts_out_nobody()
    {
        Listener talker = Join(), slow = Join();
        slow.Waits = ChatRoom.WaitingBytesMax;

        _room.Say(talker, "hello\n"u8.ToArray());

        Assert.Equal(0, slow.PutOuts);
    }

    [Fact]
    public async Task In_a_crowded_room_who_talks_waits_until_nobody_has_more_than_a_share()
    {
        Listener talker = Join(), one = Join();
        Listener[] others = [.. Enumerable.Range(0, 300).Select(_ => Join())];

        await _room.PaceAsync(talker, TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(StreamMember.WaitingBytesMax / 2, one.AllowedBytes);

        foreach (Listener other in others)
            other.Waits = StreamMember.WaitingBytesMax / 4;
        await _room.PaceAsync(talker, TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(ChatRoom.WaitingBytesMax / 2 / 302, one.AllowedBytes);
    }

    /// <summary>As when a room is busy and the terminals of many of its members stand still.</summary>
    [Fact]
    public async Task What_waits_for_three_hundred_silent_members_stays_within_the_limit()
    {
        const int Members = 300;
        await using MemoryNetwork network = new();
        await using Sockeye.Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        List<Connection> connections = [];
        List<Task> writing = [];
        for (int i = 0; i < Members; i++)
        {
            connections.Add(await network.ConnectAsync(listener.Address));
            connections.Add((await listener.AcceptAsync())!);
            StreamMember member = new(connections[^1], hasMessages: false);
            writing.Add(member.WriteAllAsync());
            _room.Join(member);
        }

        byte[] line = [.. new byte[1023], (byte)'\n'];
        long most = 0;
        for (int said = 0; said < 2 * StreamMember.WaitingBytesMax / line.Length && _room.Count > 0; said++)
        {
            _room.Say(null, line);
            most = Math.Max(most, _room.WaitingBytes);
            if (said * line.Length == StreamMember.WaitingBytesMax / 2)
                Assert.InRange(_room.Count, 1, Members - 1); // the room's limit is reached long before a member's own
        }

        Assert.InRange(most, ChatRoom.WaitingBytesMax - (Members * 2 * line.Length), ChatRoom.WaitingBytesMax);
        foreach (Connection connection in connections)
            connection.Abort();
        await Task.WhenAll(writing);
    }

    private Listener Join()
    {
        Listener member = new();
        _room.Join(member);
        return member;
    }

    private sealed class Listener : ChatMember
    {
        public List<string> Heard { get; } = [];

        public int TakesMax { get; set; } = int.MaxValue;

        public int PutOuts { get; private set; }

        public Action? OnPutOut { get; set; }

        public override bool Deliver(ReadOnlyMemory<byte> message)
        {
            if (Heard.Count >= TakesMax)
                return false;
            Heard.Add(Encoding.ASCII.GetString(message.Span));
            return true;
        }

        public Task CaughtUp { get; set; } = Task.CompletedTask;

        public override Task CatchUp(long waitingBytes)
        {
            AllowedBytes = waitingBytes;
            return CaughtUp;
        }

        public long AllowedBytes { get; private set; }

        public long Waits { get; set; }

        public override long WaitingBytes => Waits;

        public override void PutOut()
        {
            PutOuts++;
            OnPutOut?.Invoke();
        }
    }
}
