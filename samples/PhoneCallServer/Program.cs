// A telephone, on the side that is called: it rings, the caller speaks first, then both take turns. `quit` hangs up.

using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Listener listener = await Network.Host.ListenAsync(address);
Console.WriteLine($"Listening on {listener.Address}");

// No Server here: there is one telephone, so the next call waits until this one is over.
while (await listener.AcceptAsync() is { } call)
{
    Console.WriteLine("Ring, ring!");
    try
    {
        await TalkAsync(call);
        Console.WriteLine("The call is over.");
    }
    catch (IOException e)
    {
        Console.WriteLine($"The line went dead: {e.Message}");
    }
    finally
    {
        await call.DisposeAsync();
    }
}

static async Task TalkAsync(Connection call)
{
    Stream line = call.AsStream();
    byte[] buffer = new byte[4096];
    while (true)
    {
        int count = await line.ReadAsync(buffer);
        string heard = Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\r', '\n');
        if (count == 0 || heard == "quit")
            return;
        Console.WriteLine($"Caller: {heard}");

        string said = Console.ReadLine() ?? "quit";
        await line.WriteAsync(Encoding.UTF8.GetBytes($"{said}\n"));
        if (said == "quit")
            return;
    }
}
