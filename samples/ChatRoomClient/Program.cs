// Talks and listens at the same time: what is typed goes out, what comes in is shown. Ctrl-D leaves.

using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Connection connection = await Network.Host.ConnectAsync(address);
Task showing = ShowAsync();

while (Console.ReadLine() is { } line)
    await connection.WriteLineAsync(line);

// Ends this side only (FIN): what the others still say is shown until the server ends the other side.
await connection.Output.CompleteAsync();
await showing;

async Task ShowAsync()
{
    await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync())
        Console.WriteLine(line);
    Console.WriteLine("The room is closed.");
}
