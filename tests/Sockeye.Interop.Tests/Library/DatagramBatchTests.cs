using System.Globalization;
using System.Net;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>Batches of datagrams, and Python's sockets at the other end.</summary>
public sealed class DatagramBatchTests
{
    private const int Count = 20;
    private const int Length = 100;

    public static TheoryData<string> Networks => ["host", "epoll", "io_uring"];

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task UDPServer_answers_each_datagram_of_a_batch(string network)
    {
        await using Peer server = Programs.Python("datagram_server.py", "udp", "127.0.0.1", "0");
        await using Network own = Open(network);
        await using DatagramSocket socket = await own.ConnectDatagramAsync(await server.PythonAddressAsync("udp"));
        DatagramBatch batch = new();
        foreach (string word in new[] { "one", "two", "六", "三个消息" })
            batch.Add(Encoding.UTF8.GetBytes(word));
        await socket.SendAsync(batch);
        List<string> answers = [];
        while (answers.Count < 4)
        {
            await socket.ReceiveAsync(batch);
            answers.AddRange(batch.Select(datagram => Encoding.UTF8.GetString(datagram.Bytes.Span)));
        }

        Assert.Equal(["eno", "owt", "六", "息消个三"], answers);
    }

    [Theory]
    [InlineData("host", "")]
    [InlineData("host", "?gro")]
    [InlineData("epoll", "?gro")]
    [InlineData("io_uring", "?gro")]
    public async Task What_Python_has_cut_comes_as_single_datagrams(string network, string options)
    {
        await using Network own = Open(network);
        await using DatagramSocket socket = await own.OpenDatagramAsync($"udp://127.0.0.1:0{options}");
        await using Peer sender = Programs.Python(
            "datagram_offload.py", "send", "127.0.0.1", Text(socket.Address.Port), Text(Count), Text(Length));
        await sender.SaysAsync($"sent {(Count * Length) - 1}");
        DatagramBatch batch = new(datagramsMax: 7);
        for (int got = 0; got < Count; got += batch.Count)
        {
            await socket.ReceiveAsync(batch);
            for (int i = 0; i < batch.Count; i++)
            {
                int length = got + i == Count - 1 ? Length - 1 : Length;
                Assert.Equal(Enumerable.Repeat((byte)(got + i), length), batch[i].Bytes.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task What_goes_to_one_address_in_one_length_is_one_message_to_Python(string network)
    {
        const int Total = (Count * Length) - 1;
        await using Peer receiver = Programs.Python("datagram_offload.py", "receive", "127.0.0.1", Text(Total + 7));
        await using Network own = Open(network);
        Address address = await receiver.PythonAddressAsync("udp");
        await using DatagramSocket socket = await own.OpenDatagramAsync("udp://127.0.0.1:0");
        DatagramBatch batch = new();
        SocketAddress to = address.EndPoint.Serialize();
        batch.AddSegments(new byte[Total], Length, to);
        batch.Add(new byte[7], to);
        await socket.SendAsync(batch);

        // The last may be shorter, and ends it.
        await receiver.SaysAsync($"{Total} bytes of {Length} each\n7 bytes of 7 each\n");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Network Open(string network) => network switch
    {
        "epoll" => new LinuxNetwork(new LinuxNetworkOptions { Backend = LinuxBackend.Epoll, ReactorCount = 1 }),
        "io_uring" => new LinuxNetwork(new LinuxNetworkOptions { Backend = LinuxBackend.IoUring, ReactorCount = 1 }),
        _ => Network.Host,
    };
}
