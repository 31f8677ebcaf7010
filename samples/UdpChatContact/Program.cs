// One of an operator's contacts: says its name, then sends each line that is typed and shows what comes. `quit` ends it.

using System.Net.Sockets;
using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "udp://127.0.0.1:8888";
string name = args.Length > 1 ? args[1] : Environment.UserName;
await using DatagramSocket socket = await Network.Host.ConnectDatagramAsync(address);
_ = ShowAsync();

await SendAsync($"I am {name}");
string? typed;
do
{
    typed = Console.ReadLine() ?? "quit";
    await SendAsync(typed);
}
while (typed != "quit");

async Task SendAsync(string words)
{
    try
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(words));
    }
    catch (SocketException e)
    {
        // The machine on the other side can say that nobody listens there; it is told at the next call.
        Console.WriteLine(e.Message);
    }
}

async Task ShowAsync()
{
    byte[] buffer = new byte[DatagramSocket.DatagramMax];
    while (true)
    {
        try
        {
            ReceivedDatagram datagram = await socket.ReceiveAsync(buffer);
            Console.WriteLine($"Operator: {Encoding.UTF8.GetString(datagram.Bytes.Span)}");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Console.WriteLine(e.Message);
        }
    }
}
