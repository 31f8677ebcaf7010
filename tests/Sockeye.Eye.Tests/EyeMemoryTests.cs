using System.Text;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Tests;

/// <summary>What is kept, and what leaves when there is too much.</summary>
public class EyeMemoryTests
{
    [Fact]
    public async Task What_was_said_is_kept_once_and_told_of_at_both_sides()
    {
        await using EyeRecorder recorder = new();
        await using EyePairs pairs = new(recorder);
        (Connection client, Connection server) = await pairs.ConnectAsync();
        await EyePairs.SayAsync(client, server, "hello");
        await EyePairs.EndAsync(client, server);
        await recorder.FlushAsync();

        EyeSummary summary = Assert.Single(recorder.Memory.ChangedAfter(-1).Changed);
        Assert.Equal(EyeState.Closed, summary.State);
        Assert.Equal((5, 0), (summary.Up, summary.Down));
        Assert.True(summary.HasBothSides);
        EyeEvent[] data = [.. EventsOf(recorder, 1).Where(happened => happened.Kind == ConversationEventKind.Data)];
        Assert.Equal("hello", string.Concat(data.Select(happened => Encoding.UTF8.GetString(happened.Data))));
        Assert.Contains(data, happened => happened.IsRepeat && happened.Length == 5);
    }

    [Fact]
    public async Task Secrets_are_masked_unless_they_are_to_be_shown()
    {
        foreach (bool shows in new[] { false, true })
        {
            await using EyeRecorder recorder = new(options: new EyeRecorderOptions { ShowSecrets = shows });
            await using EyePairs pairs = new(recorder);
            (Connection client, Connection server) = await pairs.ConnectAsync();
            await EyePairs.SayAsync(client, server, "PASS hun");
            await EyePairs.SayAsync(client, server, "ter2\r\nSTAT\r\n");
            await recorder.FlushAsync();

            string said = string.Concat(EventsOf(recorder, 1).Select(happened => Encoding.UTF8.GetString(happened.Data)));
            Assert.Equal(shows ? "PASS hunter2\r\nSTAT\r\n" : "PASS *******\r\nSTAT\r\n", said);
            Assert.Equal(shows ? 0 : 7, EventsOf(recorder, 1).Sum(happened => happened.Masked));
        }
    }

    [Fact]
    public async Task The_oldest_that_has_finished_leaves_first()
    {
        await using EyeRecorder recorder = new(options: new EyeRecorderOptions { ConversationsMax = 2 });
        await using EyePairs pairs = new(recorder);
        await pairs.ConnectAsync();
        (Connection client, Connection server) = await pairs.ConnectAsync();
        await EyePairs.EndAsync(client, server);
        await pairs.ConnectAsync();
        await recorder.FlushAsync();

        Assert.Equal([1, 3], recorder.Memory.ChangedAfter(-1).All);
        Assert.Equal(1, recorder.Memory.Forgotten);
        await pairs.ConnectAsync();
        await recorder.FlushAsync();
        Assert.Equal([3, 4], recorder.Memory.ChangedAfter(-1).All);
    }

    [Fact]
    public async Task Of_one_conversation_the_latest_events_are_kept()
    {
        await using EyeRecorder recorder = new(options: new EyeRecorderOptions { EventsPerConversationMax = 10 });
        await using EyePairs pairs = new(recorder);
        (Connection client, Connection server) = await pairs.ConnectAsync();
        for (int i = 0; i < 20; i++)
            await EyePairs.SayAsync(client, server, $"{i};");
        await recorder.FlushAsync();

        EyeEvent[] events = EventsOf(recorder, 1);
        Assert.Equal(10, events.Length);
        EyeSummary summary = Assert.Single(recorder.Memory.ChangedAfter(-1).Changed);
        Assert.Equal(summary.EventCount - 10, summary.FirstEvent);
        Assert.Equal(events[0].Index, summary.FirstEvent);
        Assert.Contains(events, happened => Encoding.UTF8.GetString(happened.Data) == "19;");
    }

    [Fact]
    public async Task All_together_take_no_more_memory_than_they_may()
    {
        const long Max = 20_000;
        await using EyeRecorder recorder = new(options: new EyeRecorderOptions { BytesMax = Max, BytesPerConversationMax = 8_000 });
        await using EyePairs pairs = new(recorder);
        for (int i = 0; i < 5; i++)
        {
            (Connection client, Connection server) = await pairs.ConnectAsync();
            for (int j = 0; j < 10; j++)
                await EyePairs.SayAsync(client, server, new string('x', 1000));
            await recorder.FlushAsync();
            Assert.InRange(recorder.Memory.Cost, 1, Max);
            Assert.InRange(EventsOf(recorder, i + 1).Sum(happened => happened.Cost), 1, 8_000);
        }
    }

    [Fact]
    public void Samples_are_bounded_and_lose_no_byte()
    {
        EyeSamples samples = new(TimeSpan.Zero);
        for (int i = 0; i < 5_000; i++)
            samples.Add(TimeSpan.FromMilliseconds(100 * i), new EyeSample(1, 2, i % 7, double.NaN, 5));
        EyeSample[] kept = samples.ToArray();
        Assert.InRange(kept.Length, EyeSamples.CountMax / 2, EyeSamples.CountMax);
        Assert.Equal((5_000, 10_000), (kept.Sum(sample => sample.Up), kept.Sum(sample => sample.Down)));
        Assert.True(kept.Length * samples.Width >= TimeSpan.FromMilliseconds(499_900));
    }

    [Fact]
    public void The_rate_is_of_the_last_seconds()
    {
        EyeRate rate = new();
        rate.Add(TimeSpan.FromSeconds(1), 10);
        rate.Add(TimeSpan.FromSeconds(1.5), 5);
        rate.Add(TimeSpan.FromSeconds(3), 7);
        Assert.Equal([15, 0, 7], rate.ToArray()[^3..]);
        rate.Add(TimeSpan.FromSeconds(100), 1);
        Assert.Equal(1, rate.ToArray().Sum());
        Assert.Equal(100, rate.Second);
    }

    private static EyeEvent[] EventsOf(EyeRecorder recorder, long number) => recorder.Memory.Look(number, conversation => conversation.Events.ToArray())!;
}
