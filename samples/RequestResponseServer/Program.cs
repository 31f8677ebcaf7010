// Answers every request: how many characters it has, and in how many bytes they came.

using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Listener listener = await Network.Host.ListenAsync(address);
Console.WriteLine($"Listening on {listener.Address}");

await Server.RunAsync(listener, async (connection, stop) =>
{
    Stream stream = connection.AsStream();
    byte[] buffer = new byte[4096];
    int count;

    // One receive, one request: that is enough while the client is short and waits for its answer before it asks again.
    // A stream has no such boundaries of its own. Programs that do not wait need frames: see ChatRoomServer.
    while ((count = await stream.ReadAsync(buffer, stop)) > 0)
    {
        string request = Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\r', '\n');
        string answer = $"\"{request}\": {request.EnumerateRunes().Count()} characters in {Encoding.UTF8.GetByteCount(request)} bytes";
        Console.WriteLine(answer);
        await connection.WriteLineAsync(answer, stop);
    }
});
