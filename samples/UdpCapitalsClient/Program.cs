// Sends each line that is typed as one datagram, and shows the answer. The end of the input (Ctrl-D) ends it.

using System.Net.Sockets;
using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "udp://127.0.0.1:8888";
await using DatagramSocket socket = await Network.Host.ConnectDatagramAsync(address);
byte[] buffer = new byte[DatagramSocket.DatagramMax];

while (Console.ReadLine() is { } line)
{
    // Nobody promises that a datagram arrives, so nobody should wait for ever for its answer.
    using CancellationTokenSource patience = new(TimeSpan.FromSeconds(5));
    try
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(line));
        ReceivedDatagram answer = await socket.ReceiveAsync(buffer, patience.Token);
        Console.WriteLine(Encoding.UTF8.GetString(answer.Bytes.Span));
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("No answer: the datagram or its answer was lost.");
    }
    catch (SocketException e)
    {
        Console.WriteLine(e.Message);
    }
}
