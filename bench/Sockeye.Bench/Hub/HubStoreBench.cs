using System.Diagnostics;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Bench.Hub;

/// <summary>What keeping a message costs the hub: messages a second and processor time each, by how many wait for an answer at a time; and reading old ones.</summary>
internal static class HubStoreBench
{
    private const int PageMessages = 50;
    private const int Pages = 2_000;

    private static readonly Settings Defaults = new(Connections: 0, Messages: 50_000, Size: 60, Rounds: 5);

    public static async Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string directory = Directory.CreateTempSubdirectory("sockeye-bench-").FullName;
        Console.WriteLine($"hub store: SQLite {SqliteStore.SqliteVersion}, WAL, synchronous=FULL, in {directory}; messages of {settings.Size} characters; {settings.Rounds} rounds; median (min to max)");
        try
        {
            foreach (int window in (int[])[1, 16, 256, 1024])
                await RunAsync(settings, directory, window, Math.Min(settings.Messages, window * 2_000));
            await ReadAsync(settings, Path.Combine(directory, "hub-1024.db"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private static async Task RunAsync(Settings settings, string directory, int window, int messages)
    {
        List<(double Rate, double Cpu, double Group)> rounds = [];
        await using SqliteStore store = SqliteStore.Open(Path.Combine(directory, $"hub-{window}.db"));
        (Author author, Member member, Conversation room) = await EnterAsync(store);
        string text = new('x', settings.Size);

        // Once before it counts, so that tiered compilation has settled.
        for (int round = -1; round < settings.Rounds; round++)
        {
            int asked = 0;
            int answered = 0;
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            store.Completed = results =>
            {
                answered += results.Count;
                for (int i = 0; i < results.Count && asked < messages; i++)
                    Ask();
                if (answered == messages)
                    done.SetResult();
            };
            (long groups, TimeSpan cpu, long start) = (store.GroupsWritten, Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            int first = Math.Min(window, messages);
            asked = first;
            for (int i = 0; i < first; i++)
                store.Submit(new StoreRequest.Append(author, room, member, text, null, DateTimeOffset.UnixEpoch));
            await done.Task;
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (round >= 0)
                rounds.Add((messages / seconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / messages, (double)messages / Math.Max(1, store.GroupsWritten - groups)));

            void Ask()
            {
                asked++;
                store.Submit(new StoreRequest.Append(author, room, member, text, null, DateTimeOffset.UnixEpoch));
            }
        }

        Console.WriteLine($"  {window,5} at a time   {Spread.Of(rounds.Select(r => r.Rate), "0")} messages/s   cpu {Spread.Of(rounds.Select(r => r.Cpu), "0.0")} µs/message   {Spread.Of(rounds.Select(r => r.Group), "0")} messages/commit");
    }

    private static async Task ReadAsync(Settings settings, string file)
    {
        await using SqliteStore store = SqliteStore.Open(file);
        (Author author, Member member, Conversation room) = await EnterAsync(store);
        StoreResult.HistoryRead newest = (StoreResult.HistoryRead)await store.AskAsync(new StoreRequest.ReadHistory(author, member.Id, room.Id, null, null, 1, null));
        long last = newest.Messages[^1].Number;
        List<double> rounds = [];
        for (int round = -1; round < settings.Rounds; round++)
        {
            Random random = new(1);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Pages; i++)
                await store.AskAsync(new StoreRequest.ReadHistory(author, member.Id, room.Id, null, random.NextInt64(PageMessages, last), PageMessages, null));
            if (round >= 0)
                rounds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Pages);
        }

        Console.WriteLine($"  a page of {PageMessages} anywhere in {last} messages: {Spread.Of(rounds, "0")} µs");
    }

    private static async Task<(Author Author, Member Member, Conversation Room)> EnterAsync(SqliteStore store)
    {
        Author author = new();
        Member member = ((StoreResult.Identified)await store.AskAsync(new StoreRequest.Identify(author, "Tom", "tom", author.Origin, null))).Member;
        ConversationView room = ((StoreResult.RoomOpened)await store.AskAsync(new StoreRequest.OpenRoom(author, member.Id, "lobby", "lobby"))).View;
        return (author, member, room.Conversation);
    }

    private sealed class Author : IChatClient
    {
        public string Door => "bench";

        public string Origin => "here";

        public bool IsPersonal => false;

        public void Show(ChatEvent happened)
        {
        }

        public void Flush()
        {
        }
    }
}
