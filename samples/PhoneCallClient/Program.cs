// A telephone, on the side that calls: it speaks first, then both take turns. `quit` hangs up.

using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Connection call = await Network.Host.ConnectAsync(address);
Console.WriteLine($"They picked up at {address}. You speak first.");

Stream line = call.AsStream();
byte[] buffer = new byte[4096];
while (true)
{
    string said = Console.ReadLine() ?? "quit";
    await line.WriteAsync(Encoding.UTF8.GetBytes($"{said}\n"));
    if (said == "quit")
        break;

    int count = await line.ReadAsync(buffer);
    string heard = Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\r', '\n');
    if (count == 0 || heard == "quit")
        break;
    Console.WriteLine($"They: {heard}");
}

Console.WriteLine("The call is over.");
