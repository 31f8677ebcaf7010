// A chat room: what one member sends goes to all others, under the name that is asked for at the door.

using System.Collections.Concurrent;
using System.Threading.Channels;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Listener listener = await Network.Host.ListenAsync(address);
Console.WriteLine($"Listening on {listener.Address}");

ConcurrentDictionary<string, Channel<string>> members = new();

await Server.RunAsync(listener, async (connection, stop) =>
{
    // A stream has no message boundaries; lines make some.
    FrameReader<string> lines = connection.Frames(Codecs.Lines());

    // What a member is told waits in a queue of its own: one that does not read misses the oldest, and holds up nobody.
    Channel<string> told = Channel.CreateBounded<string>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });
    string? name;
    do
    {
        await connection.WriteLineAsync("Your name?", stop);
        if (!(await lines.ReadAsync(stop)).TryGetFrame(out name))
            return;
    }
    while (name.Length == 0 || !members.TryAdd(name, told));

    told.Writer.TryWrite($"Welcome. Here are: {string.Join(", ", members.Keys)}");
    TellOthers(name, $"{name} came in");
    Task writing = WriteAsync(connection, told.Reader);
    try
    {
        await foreach (string line in lines.ReadAllAsync(stop))
            TellOthers(name, $"{name}: {line}");
    }
    finally
    {
        members.TryRemove(name, out _);
        TellOthers(name, $"{name} left");
        told.Writer.Complete();
        await writing;
    }
});

void TellOthers(string name, string message)
{
    Console.WriteLine(message);
    foreach ((string _, Channel<string> other) in members.Where(other => other.Key != name))
        other.Writer.TryWrite(message);
}

static async Task WriteAsync(Connection connection, ChannelReader<string> told)
{
    await foreach (string message in told.ReadAllAsync())
        await connection.WriteLineAsync(message);
}
