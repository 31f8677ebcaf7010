using Sockeye.Hub.Domain;
using Sockeye.Hub.Tests.Children;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>A hub's store whose process is killed under load, again and again.</summary>
[Trait("Category", "Soak")]
public sealed class KillTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task However_often_it_is_killed_nothing_acknowledged_is_lost_and_nothing_is_there_twice()
    {
        Dictionary<string, long> acked = [];
        Random random = new(1);
        int next = 0;
        for (int round = 0; round < SoakLevel.Scale(10, 200); round++)
        {
            await RunAndKillAsync(acked, next, acksMin: random.Next(1, 2_000));
            next = Math.Max(next, acked.Keys.Max(int.Parse) + 1 + StoreChild.Window);

            List<Message> kept = await StoreChild.ReadAllAsync(_directory.File);
            Assert.Equal(Enumerable.Range(1, kept.Count).Select(number => (long)number), kept.Select(message => message.Number));
            Assert.Equal(kept.Count, kept.DistinctBy(message => message.Text).Count());
            Dictionary<string, long> numbers = kept.ToDictionary(message => message.Text["text ".Length..], message => message.Number);
            Assert.All(acked, entry => Assert.Equal(entry.Value, numbers.GetValueOrDefault(entry.Key)));
        }
    }

    /// <summary>What had no answer when the process was killed is said again by the next, as a client does that connects again.</summary>
    private async Task RunAndKillAsync(Dictionary<string, long> acked, int next, int acksMin)
    {
        string[] open = [.. Enumerable.Range(0, next).Select(key => $"{key}").Where(key => !acked.ContainsKey(key))];
        using Child child = Child.Start(StoreChild.Append, _directory.File, string.Join(',', (string[])[.. open, $"{next}"]));
        for (int acks = 0; acks < acksMin; acks++)
            Note((await child.ReadLineAsync())!);
        child.Kill();
        while (await child.ReadLineAsync() is { } line)
            Note(line);

        void Note(string line)
        {
            string[] words = line.Split(' ');
            Assert.Equal("acked", words[0]);
            long number = long.Parse(words[2]);
            Assert.True(acked.TryAdd(words[1], number) || acked[words[1]] == number, $"{line}: it was {acked[words[1]]} before");
        }
    }
}
