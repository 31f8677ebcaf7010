using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Storage.Sqlite;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Children;

/// <summary>Programs that use a store until something happens to them. Each prints a line when the store has answered, and at once.</summary>
internal static class StoreChild
{
    public const string Append = "child-append";
    public const string OneByOne = "child-one-by-one";
    public const string FillDisk = "child-fill-disk";
    public const string HoldDirectory = "child-hold-directory";

    /// <summary>How many messages <see cref="AppendAsync"/> has on the way at a time.</summary>
    public const int Window = 64;

    private static readonly Stream Output = Console.OpenStandardOutput();

    /// <summary>Says what was not acknowledged before once more, then ever new things, until it is killed.</summary>
    /// <param name="file">The store's.</param>
    /// <param name="resend">Keys, by comma, and behind them the number of the first new one.</param>
    public static async Task<int> AppendAsync(string file, string resend)
    {
        await using SqliteStore store = SqliteStore.Open(file);
        (RecordingClient client, Member tom, Conversation room) = await EnterAsync(store);
        string[] keys = resend.Split(',');
        int next = int.Parse(keys[^1]);
        Queue<string> waiting = new(keys[..^1]);
        store.Completed = results =>
        {
            foreach (StoreResult.Appended appended in results.Cast<StoreResult.Appended>())
            {
                Print($"acked {appended.Request.Key} {appended.Message.Number}");
                Say();
            }
        };
        lock (waiting)
        {
            for (int i = 0; i < Window; i++)
                Say();
        }

        await Task.Delay(Timeout.Infinite);
        return 0;

        void Say()
        {
            lock (waiting)
            {
                string key = waiting.TryDequeue(out string? before) ? before : $"{next++}";
                store.Submit(new StoreRequest.Append(client, room, tom, $"text {key}", key, TimeProvider.System.GetUtcNow()));
            }
        }
    }

    /// <summary>Says one thing after another.</summary>
    public static async Task<int> OneByOneAsync(string file, int count)
    {
        await using SqliteStore store = SqliteStore.Open(file);
        (RecordingClient client, Member tom, Conversation room) = await EnterAsync(store);
        for (int i = 1; i <= count; i++)
        {
            StoreResult result = await store.AskAsync(new StoreRequest.Append(client, room, tom, $"needle-{i:0000}", null, TimeProvider.System.GetUtcNow()));
            Print(result is StoreResult.Appended ? $"acked needle-{i:0000}" : $"{result}");
        }

        return 0;
    }

    /// <summary>On a small disk: says things until it is full, makes room, says more, and looks whether all that was acknowledged is there.</summary>
    public static async Task<int> FillDiskAsync(string directory)
    {
        string ballast = Path.Combine(directory, "ballast");
        string file = Path.Combine(directory, "hub.db");
        await File.WriteAllBytesAsync(ballast, new byte[1024 * 1024]);
        int failing = 0;
        int recovered = 0;
        List<string> acked = [];
        string? refusal = null;
        SqliteStoreOptions options = new() { OnFailing = _ => failing++, OnRecovered = () => recovered++ };
        await using (SqliteStore store = SqliteStore.Open(file, options))
        {
            (RecordingClient client, Member tom, Conversation room) = await EnterAsync(store);
            for (int i = 0; refusal is null; i++)
                refusal = await TrySayAsync(i);
            File.Delete(ballast);
            for (int i = 10_000; i < 10_010; i++)
                Print(await TrySayAsync(i) ?? "kept");

            async Task<string?> TrySayAsync(int i)
            {
                string text = $"{i} " + new string('x', 3000);
                StoreResult result = await store.AskAsync(new StoreRequest.Append(client, room, tom, text, $"{i}", TimeProvider.System.GetUtcNow()));
                if (result is not StoreResult.Failed failed)
                    acked.Add(text);
                return (result as StoreResult.Failed)?.Refusal.Text;
            }
        }

        Print(refusal);
        Print($"failing {failing} recovered {recovered}");
        List<Message> kept = await ReadAllAsync(file);
        Print($"the same: {kept.Select(message => message.Text).SequenceEqual(acked)} of many: {acked.Count > 20}");
        return 0;
    }

    /// <summary>Has a data directory until its input ends.</summary>
    public static int Hold(string path)
    {
        using DataDirectory directory = DataDirectory.Open(path);
        Print("held");
        Console.In.ReadToEnd();
        return 0;
    }

    /// <summary>All that was said in the room, as a hub that starts finds it.</summary>
    public static async Task<List<Message>> ReadAllAsync(string file)
    {
        await using SqliteStore store = SqliteStore.Open(file, StoreOptions);
        (RecordingClient client, Member tom, Conversation room) = await EnterAsync(store);
        List<Message> all = [];
        bool hasMore = true;
        while (hasMore)
        {
            StoreResult.HistoryRead page = (StoreResult.HistoryRead)await store.AskAsync(
                new StoreRequest.ReadHistory(client, tom.Id, room.Id, all.Count == 0 ? 0 : all[^1].Number, null, 200, null));
            all.AddRange(page.Messages);
            hasMore = page.HasMore;
        }

        return all;
    }

    private static SqliteStoreOptions StoreOptions => new() { LockTimeout = TimeSpan.FromSeconds(30) };

    public static async Task<(RecordingClient Client, Member Member, Conversation Room)> EnterAsync(IHubStore store)
    {
        RecordingClient client = new();
        Member tom = ((StoreResult.Identified)await store.AskAsync(new StoreRequest.Identify(client, "Tom", "tom", client.Origin, null))).Member;
        ConversationView room = ((StoreResult.RoomOpened)await store.AskAsync(new StoreRequest.OpenRoom(client, tom.Id, "lobby", "lobby"))).View;
        return (client, tom, room.Conversation);
    }

    /// <summary>One write for a line, so that a reader sees it whole or not at all.</summary>
    private static void Print(string line) => Output.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
