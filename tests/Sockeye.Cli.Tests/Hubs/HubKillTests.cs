using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary>
/// The hub as people run it, killed under load again and again. At the text door what another has on the screen is acknowledged; at the page's what has its receipt,
/// and what has none is said again under its key, as the page does.
/// </summary>
[Trait("Category", "Soak")]
public sealed partial class HubKillTests : IDisposable
{
    /// <summary>So much one client may say at once: the hub's own limit lets it, and what is more would be paced.</summary>
    private const int Burst = 120;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("sockeye-kill-");
    private readonly CookieContainer _browser = new();
    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<string, long> _receipts = [];
    private readonly List<string> _keys = [];

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task However_often_the_hub_is_killed_nothing_that_was_delivered_or_receipted_is_lost_and_nothing_is_there_twice()
    {
        Random random = new(4);
        int rounds = SoakLevel.Scale(10, 200);
        for (int round = 0; round < rounds; round++)
            await RunAndKillAsync(round, random.Next(1, Burst));

        // What was open at the last kill is said again, and then all is there.
        using HubProcess hub = await HubProcess.StartAsync(_data.FullName);
        using PagePerson page = await PagePerson.EnterAsync(hub.Page, _browser, "Page");
        string[] open = Open();
        await SayAsync(page, open);
        for (int i = 0; i < open.Length; i++)
            TakeReceipt(await page.FindAsync("accepted"));
        Check(await page.ReadAllAsync());
        Assert.Equal(_keys.Count, _receipts.Count);
        Assert.True(_seen.Count >= rounds, $"{_seen.Count} messages were delivered: too few to say anything.");
    }

    /// <summary>Kills the hub when so many have been delivered to the reader, in the midst of many more.</summary>
    private async Task RunAndKillAsync(int round, int killAt)
    {
        using HubProcess hub = await HubProcess.StartAsync(_data.FullName);
        using PagePerson page = await PagePerson.EnterAsync(hub.Page, _browser, "Page");
        Check(await page.ReadAllAsync());
        using TextPerson reader = await hub.EnterAsync("Reader");
        using TextPerson speaker = await hub.EnterAsync("Speaker");
        string[] open = Open();
        string[] fresh = [.. Enumerable.Range(0, Math.Max(1, Burst - open.Length)).Select(i => $"p-{round}-{i}.")];
        _keys.AddRange(fresh);
        Task saying = SayAsync(page, [.. open, .. fresh]);
        await speaker.SayAsync([.. Enumerable.Range(0, Burst).Select(i => $"s-{round}-{i}.")]);

        await reader.Screen.FindAsync($" s-{round}-{killAt - 1}.");
        await hub.KillAsync();
        await reader.EndAsync();
        await IgnoreResetAsync(saying);
        while (await page.NextAsync() is { } told)
        {
            if (told.GetProperty("type").GetString() == "accepted")
                TakeReceipt(told);
        }

        string[] shown = [.. reader.Screen.All.Select(line => Said().Match(line)).Where(match => match.Success).Select(match => match.Value)];
        Assert.Equal(shown.Distinct(), shown);
        _seen.UnionWith(shown);
    }

    /// <summary>Every number once and without gaps, every text once, all that was on a screen, and all that had a receipt under the number that it says.</summary>
    private void Check(List<(long Number, string Text)> kept)
    {
        Assert.Equal(Enumerable.Range(1, kept.Count).Select(number => (long)number), kept.Select(message => message.Number));
        Dictionary<string, long> numbers = kept.ToDictionary(message => message.Text, message => message.Number);
        Assert.Subset(numbers.Keys.ToHashSet(), _seen);
        Assert.All(_receipts, receipt => Assert.Equal(receipt.Value, numbers.GetValueOrDefault(receipt.Key)));
    }

    private void TakeReceipt(JsonElement accepted)
    {
        string key = accepted.GetProperty("key").GetString()!;
        long number = accepted.GetProperty("number").GetInt64();
        Assert.True(_receipts.TryAdd(key, number) || _receipts[key] == number, $"{key} was {_receipts[key]} before, and is {number} now");
    }

    private string[] Open() => [.. _keys.Where(key => !_receipts.ContainsKey(key))];

    /// <summary>The text is the key, so that what is there twice shows.</summary>
    private static async Task SayAsync(PagePerson page, string[] keys)
    {
        foreach (string key in keys)
            await page.SayAsync(key, key);
    }

    private static async Task IgnoreResetAsync(Task saying)
    {
        try
        {
            await saying.WaitAsync(Lines.Patience);
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // The hub was killed while it was spoken to.
        }
    }

    [GeneratedRegex(@"\b[ps]-\d+-\d+\.")]
    private static partial Regex Said();
}
