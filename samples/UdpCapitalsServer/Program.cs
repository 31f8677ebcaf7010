// Answers every datagram with the same text in capitals. There are no connections: each datagram says who sent it.

using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "udp://127.0.0.1:8888";
await using DatagramSocket socket = await Network.Host.OpenDatagramAsync(address);
Console.WriteLine($"Listening on {socket.Address}");

await DatagramServer.RunAsync(socket, async (datagram, stop) =>
{
    string text = Encoding.UTF8.GetString(datagram.Bytes.Span);
    Console.WriteLine($"{datagram.RemoteEndPoint} sent {text.TrimEnd()}");
    await datagram.ReplyAsync(Encoding.UTF8.GetBytes(text.ToUpperInvariant()), stop);
});
