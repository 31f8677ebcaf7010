// Sends each line that is typed, and shows the answer before it asks for the next. The end of the input (Ctrl-D) ends it.

using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Connection connection = await Network.Host.ConnectAsync(address);
Stream stream = connection.AsStream();
byte[] buffer = new byte[4096];

while (Console.ReadLine() is { } request)
{
    await connection.WriteLineAsync(request);
    int count = await stream.ReadAsync(buffer);

    // Nothing received is how a stream says that the other side has ended.
    if (count == 0)
    {
        Console.WriteLine("The server hung up.");
        return;
    }

    Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\r', '\n'));
}
