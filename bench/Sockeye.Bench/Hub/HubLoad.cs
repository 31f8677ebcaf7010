using System.Diagnostics;
using System.Net;

namespace Sockeye.Bench.Hub;

/// <summary>
/// The process with the members of the room. For each line it reads it does something and prints one line when that is done:
/// <c>enter N MEMBERS</c>: lets N more in, into rooms of so many members, and prints the bytes that all have received so far;
/// <c>say N SIZE</c>: the first says N messages, and prints the seconds until all others have been shown all of them;
/// <c>leave 0 0</c>: all go, and who comes in next has a name that nobody had.
/// </summary>
internal sealed class HubLoad(int port, bool isHub, bool isTls, int enterAtATime, string name)
{
    /// <summary>So many come from one address of the loopback range: one address has too few ports for all.</summary>
    private const int ClientsPerAddress = 5_000;

    private readonly List<HubClient> _clients = [];
    private int _left;
    private TaskCompletionSource _delivered = new();
    private long _received;
    private long _undelivered;

    public bool IsHub => isHub;

    public bool IsTls => isTls;

    public static async Task<int> RunAsync(string port, string protocol, string transport, string enterAtATime, string name)
    {
        HubLoad load = new(int.Parse(port), protocol == "text", transport == "tls", int.Parse(enterAtATime), name);
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int count = int.Parse(words[1]);
            int other = int.Parse(words[2]);
            Console.WriteLine(words[0] switch
            {
                "enter" => await load.EnterAsync(count, other),
                "leave" => load.Leave(),
                _ => await load.SayAsync(count, other),
            });
        }

        return 0;
    }

    public void Received(int bytes) => Interlocked.Add(ref _received, bytes);

    public void Delivered(int messages)
    {
        if (Interlocked.Add(ref _undelivered, -messages) == 0)
            _delivered.TrySetResult();
    }

    public void Failed(string why)
    {
        Console.Error.WriteLine(why);
        Environment.Exit(1);
    }

    private async Task<long> EnterAsync(int count, int members)
    {
        for (int entered = 0; entered < count;)
        {
            HubClient[] batch = [.. Enumerable.Range(0, Math.Min(enterAtATime, count - entered)).Select(_ => Add(members))];
            await Task.WhenAll(batch.Select(client => client.EnterAsync(port)));
            entered += batch.Length;
        }

        return await SettledAsync();
    }

    private async Task<double> SayAsync(int messages, int size)
    {
        _delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _undelivered, (long)messages * (_clients.Count - 1));
        long start = Stopwatch.GetTimestamp();
        await _clients[0].SayAsync(messages, size);
        await _delivered.Task;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private int Leave()
    {
        foreach (HubClient client in _clients)
            client.Dispose();
        _left += _clients.Count;
        _clients.Clear();
        return _left;
    }

    /// <summary>The bytes received, once no more come: what is told to others of who came in comes later.</summary>
    private async Task<long> SettledAsync()
    {
        for (long before = Interlocked.Read(ref _received); ;)
        {
            await Task.Delay(100);
            long now = Interlocked.Read(ref _received);
            if (now == before)
                return now;
            before = now;
        }
    }

    private HubClient Add(int members)
    {
        int index = _left + _clients.Count;
        byte last = (byte)(2 + (index / ClientsPerAddress));
        HubClient client = new(this, $"{name}{index}", new IPAddress([127, 0, 0, last]), index / members);
        _clients.Add(client);
        return client;
    }
}
