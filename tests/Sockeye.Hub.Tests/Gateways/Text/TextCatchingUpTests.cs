using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>Who was slow, or away, or whose history could not be read: no message is missing, none is doubled, and nobody else waits.</summary>
public class TextCatchingUpTests
{
    /// <summary>Small buffers, so that who does not read is stuck soon.</summary>
    private static readonly HubOptions Small = new() { QueueMessagesMax = 8, QueueBytesMax = 16 * 1024 };

    private static readonly ChatLimits NoPace = new() { PerClient = new Rate(1e9, 1e9), PerOrigin = new Rate(1e9, 1e9) };

    [Fact]
    public async Task Others_never_wait_for_one_who_does_not_read_and_that_one_is_told_what_it_missed()
    {
        await using TextHub hub = await TextHub.StartAsync(Small, limits: NoPace);
        await using TextPeer stuck = await hub.ComeAsync("Stuck");
        await using TextPeer reader = await hub.ComeAsync("Reader", TextHub.Unix);
        await using TextPeer tom = await hub.ComeAsync("Tom", TextHub.Unix);
        await reader.LineAsync();
        string padding = new('x', 3000);
        for (int i = 1; i <= 1000; i++)
        {
            await tom.TypeAsync($"{i} {padding}");
            Assert.StartsWith($"[18:02] Tom: {i} ", await reader.LineAsync(), StringComparison.Ordinal);
        }

        await tom.TypeAsync("the end");
        Transcript transcript = await Transcript.ReadAsync(stuck, "Tom: the end\r\n");
        Assert.Equal(1000, transcript.CheckAll());
        Assert.True(transcript.Missed > 0);
        await tom.TypeAsync("live");
        Assert.Equal("[18:02] Tom: live", await stuck.LineAsync());
    }

    [Fact]
    public void However_a_client_reads_it_sees_each_message_once_in_order_or_is_told_how_many_it_missed()
    {
        // In turns: so many messages are said, the slow one itself says so many, and it reads so many bytes.
        Gen<(int Said, int Own, int Read)> turn =
            from said in Gen.Choose(0, 150) from own in Gen.Choose(0, 3) from read in Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(1, 200_000))) select (said, own, read);
        Prop.ForAll(turn.NonEmptyListOf().ToArbitrary(), turns => PlayAsync([.. turns]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(SoakLevel.Scale(15, 500)).WithEndSize(12));
    }

    [Fact]
    public async Task Up_to_where_one_has_read_is_noted_with_what_one_says_once_in_a_while()
    {
        FailingStore store = new();
        ConcurrentQueue<StoreRequest.MarkRead> marks = [];
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await jack.TypeAsync("one", "two");
        await tom.SaysAsync("Jack: two\r\n");
        store.Fails = request =>
        {
            if (request is StoreRequest.MarkRead mark)
                marks.Enqueue(mark);
            return false;
        };
        await tom.TypeAsync("three", "four");
        await tom.SettleAsync();
        Assert.Empty(marks);

        // The network may take the last line a moment after it was read.
        for (int i = 0; i < 100 && marks.LastOrDefault()?.Number is not >= 4; i++)
        {
            hub.Clock.Advance(TextDoor.MarkReadInterval);
            await tom.TypeAsync("and more");
            await tom.SettleAsync();
            Assert.Equal(i + 1, marks.Count);
        }

        Assert.True(marks.Last().Number >= 4, $"{marks.Last().Number} was noted");
    }

    [Fact]
    public async Task What_cannot_be_read_from_the_store_is_told_and_comes_when_it_can()
    {
        FailingStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await jack.TypeAsync("one", "two");
        await jack.SettleAsync();
        store.Fails = request => request is StoreRequest.ReadHistory;
        await using TextPeer tom = await hub.ComeAsync("Tom");
        Assert.Equal("! What was said before cannot be read just now: it comes when it can.", await tom.LineAsync());
        await jack.TypeAsync("three");
        await jack.SettleAsync();
        await tom.TypeAsync("/history");
        Assert.Equal("! The disk is full: nothing was kept.", await tom.LineAsync());

        // It is tried again and again, and said once.
        hub.Clock.Advance(TextHub.Limits.HistoryRetryDelay);
        await tom.SettleAsync();
        store.Fails = _ => false;
        Task<string[]> read = tom.MessagesAsync(3);
        await hub.PassTimeUntilAsync(read, TextHub.Limits.HistoryRetryDelay);
        Assert.Equal(["Jack: one", "Jack: two", "Jack: three"], await read);
        await jack.TypeAsync("four");
        Assert.Equal("Jack: four", Assert.Single(await tom.MessagesAsync(1)));
    }

    [Fact]
    public async Task What_cannot_be_kept_is_refused_and_nobody_reads_it()
    {
        FailingStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.LineAsync();
        store.Fails = request => request is StoreRequest.Append;
        await tom.TypeAsync("lost", "/msg Jack lost too");
        Assert.Equal(["! The disk is full: nothing was kept.", "! The disk is full: nothing was kept."], await tom.LinesAsync(2));
        store.Fails = _ => false;
        await tom.TypeAsync("kept");

        Assert.Equal("[18:02] Tom: kept", await jack.LineAsync());
    }

    [Fact]
    public async Task What_the_client_said_itself_is_not_shown_when_history_has_it_before_its_receipt()
    {
        FailingStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await jack.TypeAsync("before");
        await jack.SettleAsync();
        store.Holds = request => request is StoreRequest.ReadHistory or StoreRequest.Append;
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("my own");
        StoreRequest read = await HeldAsync();
        StoreRequest append = await HeldAsync();

        // The message is kept, and the history that is read now has it; its receipt is on the way.
        StoreResult kept = await store.AskAsync(append);
        store.Holds = _ => false;
        store.Completed!([await store.AskAsync(read)]);
        Assert.Equal("before", TextOf(await tom.LineAsync()));
        store.Completed([kept]);
        await jack.TypeAsync("after");
        Assert.Equal("after", TextOf(await tom.LineAsync()));

        async Task<StoreRequest> HeldAsync()
        {
            StoreRequest? held;
            while (!store.Held.TryDequeue(out held))
                await Task.Yield();
            return held;
        }
    }

    [Fact]
    public async Task What_another_hub_told_and_the_bus_lost_is_fetched_as_the_numbers_show_it()
    {
        MemoryStore store = new();
        await using TextHub hub = await TextHub.StartAsync(store: store);
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await using TextPeer jack = await hub.ComeAsync("Jack");
        await tom.LineAsync();
        await tom.SettleAsync();
        StoreResult rooms = await store.AskAsync(new StoreRequest.ListRooms(null!, 1));
        Conversation lobby = Assert.Single(((StoreResult.RoomsListed)rooms).Rooms);
        await store.AskAsync(new StoreRequest.Append(null!, lobby, new Member(new MemberId(99), "Rose"), "lost", null, hub.Clock.GetUtcNow()));
        await jack.TypeAsync("after");

        Assert.Equal(["[18:02] Rose: lost", "[18:02] Jack: after"], await tom.LinesAsync(2));
        Assert.Equal("[18:02] Rose: lost", await jack.LineAsync());
    }

    [Fact]
    public async Task What_the_network_never_took_is_not_read_and_comes_again()
    {
        FailingStore store = new() { Holds = request => request is StoreRequest.MarkRead };
        await using TextHub hub = await TextHub.StartAsync(new HubOptions { QueueMessagesMax = 1000, QueueBytesMax = 1 << 20 }, store, NoPace);
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        TextPeer stuck = await hub.ComeAsync("Stuck");
        await jack.LineAsync();
        string padding = new('x', 3900);
        await jack.TypeAsync([.. Enumerable.Range(1, 300).Select(i => $"{i} {padding}")]);
        await jack.SettleAsync();
        NetworkSocket socket = stuck.Connection.Socket!;
        int taken = (socket.ReceiveBufferSize + socket.SendBufferSize) / padding.Length;
        Assert.True(taken < 200, "the network takes less than the queue, or this tells nothing");
        stuck.Connection.Abort();
        await jack.SaysAsync("* Stuck has left.\r\n");

        StoreRequest.MarkRead mark = Assert.IsType<StoreRequest.MarkRead>(Assert.Single(store.Held));
        Assert.InRange(mark.Number, 0, taken);
    }

    [Fact]
    public async Task Who_was_away_for_long_is_told_how_many_messages_and_shown_the_latest()
    {
        await using TextHub hub = await TextHub.StartAsync(limits: NoPace);
        await using TextPeer jack = await hub.ComeAsync("Jack", TextHub.Unix);
        await using (TextPeer tom = await hub.ComeAsync("Tom"))
            await tom.TypeAsync("quit");
        await jack.SaysAsync("* Tom has left.\r\n");
        await jack.TypeAsync([.. Enumerable.Range(1, 250).Select(i => $"{i}")]);
        await jack.SettleAsync();

        await using TextPeer again = await hub.ComeAsync("Tom");
        Assert.Equal("… you missed 50 messages", await again.LineAsync());
        Assert.Equal(Enumerable.Range(51, 200).Select(i => $"{i}"), (await again.LinesAsync(200)).Select(TextOf));
    }

    private static string TextOf(string line) => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    private static async Task PlayAsync((int Said, int Own, int Read)[] turns)
    {
        await using TextHub hub = await TextHub.StartAsync(Small, limits: NoPace);
        await using TextPeer slow = await hub.ComeAsync("Slow");
        await using TextPeer tom = await hub.ComeAsync("Tom", TextHub.Unix);
        string padding = new('x', 1000);
        int said = 0;
        foreach ((int count, int own, int read) in turns)
        {
            string[] lines = [.. Enumerable.Range(said + 1, count).Select(i => $"{i} {padding}")];
            said += count;
            await tom.TypeAsync(lines);
            await slow.TypeAsync([.. Enumerable.Repeat("my own", own)]);
            await slow.ReadSomeAsync(read);
        }

        await tom.SettleAsync();
        await tom.TypeAsync("the end");
        Assert.Equal(said, (await Transcript.ReadAsync(slow, "Tom: the end\r\n")).CheckAll());
        Assert.DoesNotContain("my own", slow.All, StringComparison.Ordinal);
    }

    /// <summary>What a slow client read, as numbers.</summary>
    private sealed class Transcript(string[] lines)
    {
        public int Missed { get; private set; }

        public static async Task<Transcript> ReadAsync(TextPeer peer, string last)
        {
            await peer.SaysAsync(last);
            return new Transcript(peer.All.Split("\r\n"));
        }

        /// <summary>Goes through all of it: each number follows on the one before, or on what was missed.</summary>
        /// <returns>The last number.</returns>
        public int CheckAll()
        {
            int last = 0;
            foreach (string line in lines)
            {
                if (line.StartsWith("… you missed ", StringComparison.Ordinal))
                {
                    int missed = int.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture);
                    last += missed;
                    Missed += missed;
                }
                else if (line.StartsWith("[18:02] Tom: ", StringComparison.Ordinal) && !line.EndsWith("the end", StringComparison.Ordinal))
                {
                    Assert.Equal(last + 1, int.Parse(TextOf(line).Split(' ')[0], CultureInfo.InvariantCulture));
                    last++;
                }
            }

            return last;
        }
    }
}
