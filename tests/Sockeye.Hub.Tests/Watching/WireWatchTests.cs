using System.Net.Sockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Watching;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Watching;

/// <summary>Watching is bounded, and costs nothing while nobody does it.</summary>
public class WireWatchTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<(int Shown, long NotShown)> _delivered = [];
    private bool _takes = true;

    [Fact]
    public void Events_are_delivered_together_after_a_moment()
    {
        WireTap tap = new(_clock, _clock.GetTimestamp());
        using WireWatch watch = Watch(tap);
        tap.Received(5);
        tap.Sent("hello"u8);
        Assert.Empty(_delivered);

        _clock.Advance(WireWatch.Interval);

        Assert.Equal([(2, 0)], _delivered);
    }

    [Fact]
    public void What_comes_too_fast_is_counted_and_not_shown()
    {
        WireTap tap = new(_clock, _clock.GetTimestamp());
        using WireWatch watch = Watch(tap);
        int burst = (int)WireWatch.EventsMax.Burst;
        for (int i = 0; i < burst + 300; i++)
            tap.Received(1);

        _clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 300; i++)
            tap.Received(1);
        _clock.Advance(WireWatch.Interval);

        Assert.Equal([(burst, 300), ((int)WireWatch.EventsMax.PerSecond, 300 - (long)WireWatch.EventsMax.PerSecond)], _delivered);
    }

    [Fact]
    public void What_is_too_much_at_once_is_counted_and_not_shown()
    {
        WireTap tap = new(_clock, _clock.GetTimestamp());
        using WireWatch watch = Watch(tap);
        byte[] large = new byte[WireText.BytesMax * 2];
        int shown = WireWatch.BytesMax / WireText.BytesMax;
        for (int i = 0; i < shown + 3; i++)
            tap.Sent(large);
        _clock.Advance(WireWatch.Interval);
        tap.Sent(large);
        _clock.Advance(WireWatch.Interval);

        Assert.Equal([(shown, 3), (1, 0)], _delivered);
    }

    [Fact]
    public void What_cannot_be_delivered_is_counted_with_the_next()
    {
        WireTap tap = new(_clock, _clock.GetTimestamp());
        using WireWatch watch = Watch(tap);
        _takes = false;
        tap.Received(1);
        tap.Received(1);
        _clock.Advance(WireWatch.Interval);
        _takes = true;
        tap.Received(1);
        _clock.Advance(WireWatch.Interval);

        Assert.Equal([(2, 0), (1, 2)], _delivered);
    }

    [Fact]
    public async Task A_connection_that_nobody_watches_has_no_observer()
    {
        await using MemoryNetwork network = new(_clock);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:8888", TestContext.Current.CancellationToken);
        await using Connection client = await network.ConnectAsync("tcp://127.0.0.1:8888", TestContext.Current.CancellationToken);
        await using Connection accepted = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;
        WireTap tap = new(_clock, _clock.GetTimestamp(), accepted);
        Assert.Null(accepted.Socket!.Observer);

        WireWatch first = Watch(tap);
        WireWatch second = Watch(tap);
        first.Dispose();
        Assert.NotNull(accepted.Socket.Observer);
        second.Dispose();
        second.Dispose();

        Assert.Null(accepted.Socket.Observer);
        Assert.False(tap.IsWatched);
        accepted.Abort();
        client.Abort();
    }

    [Fact]
    public async Task An_observer_that_was_there_before_is_there_after()
    {
        await using MemoryNetwork network = new(_clock);
        MemoryRecorder before = new();
        network.Observer = before;
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:8888", TestContext.Current.CancellationToken);
        await using Connection client = await network.ConnectAsync("tcp://127.0.0.1:8888", TestContext.Current.CancellationToken);
        await using Connection accepted = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;

        Watch(new WireTap(_clock, _clock.GetTimestamp(), accepted)).Dispose();

        Assert.Same(before, accepted.Socket!.Observer);
        accepted.Abort();
        client.Abort();
    }

    [Fact]
    public void Telling_a_tap_that_nobody_watches_allocates_nothing()
    {
        WireTap tap = new(_clock, _clock.GetTimestamp());
        Watch(tap).Dispose();
        byte[] data = new byte[100];
        tap.Sent(data);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            tap.Received(100);
            tap.Sent(data);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_long_text_is_cut_and_what_is_invisible_is_an_escape()
    {
        List<WireEvent> seen = [];
        WireTap tap = new(_clock, _clock.GetTimestamp());
        using WireWatch watch = new(tap, isOwn: true, _clock, (events, _) =>
        {
            seen.AddRange(events);
            return true;
        });

        tap.Sent("\x1b[31m\r\n"u8);
        tap.Sent(new byte[100_000]);
        _clock.Advance(WireWatch.Interval);

        Assert.Equal("\"\\x1b[31m\\r\\n\"", seen[0].Text);
        Assert.Equal(100_000, seen[1].Bytes);
        Assert.InRange(seen[1].Text!.Length, 200, WireText.CharactersMax + 3);
    }

    [Theory]
    [InlineData("hello", "\"hello\"")]
    [InlineData("/join dev", "\"/join dev\"")]
    [InlineData("/MSG Tom secret", "\"/MSG Tom secret\"")]
    [InlineData("//password is a word", "\"//password is a word\"")]
    [InlineData("/password", "\"/password\"")]
    [InlineData("/password hunter2", "\"/password ••••\"")]
    [InlineData("/passwort hunter2", null)]
    [InlineData("/", null)]
    public void Of_a_line_that_is_shown_what_cannot_be_a_password(string line, string? shown)
    {
        Assert.Equal(shown, WireText.OfLine(line, isSecret: false).Shown);
        Assert.Null(WireText.OfLine(line, isSecret: true).Shown);
    }

    [Fact]
    public void What_a_client_can_ask_for_is_hidden_unless_it_is_known_to_be_harmless()
    {
        string[] hidden = ["Arrive", "ClaimOwner", "Depart", "ListClients", "SetPassword", "TakeName", "Wake"];
        Dictionary<Type, object> values = new() { [typeof(IChatClient)] = null!, [typeof(string)] = "x", [typeof(ConversationId)] = new ConversationId(1), [typeof(long)] = 1L, [typeof(int)] = 1 };

        foreach (Type type in typeof(ChatInput).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(ChatInput.FromClient)) && !type.IsAbstract))
        {
            System.Reflection.ConstructorInfo constructor = type.GetConstructors()[0];
            object?[] arguments = [.. constructor.GetParameters().Select(parameter => values.GetValueOrDefault(parameter.ParameterType))];
            ChatInput.FromClient input = (ChatInput.FromClient)constructor.Invoke(arguments);

            Assert.Equal(hidden.Contains(type.Name), WireText.Of(input, "x"u8).Shown is null);
        }
    }

    private WireWatch Watch(WireTap tap) => new(tap, isOwn: true, _clock, (events, notShown) =>
    {
        _delivered.Add((events.Count, notShown));
        return _takes;
    });
}
