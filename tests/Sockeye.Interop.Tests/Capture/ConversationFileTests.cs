using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary>Conversations that are written afterwards: Wireshark finds their bytes, and nothing wrong.</summary>
public sealed class ConversationFileTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Streams_are_found_byte_for_byte_with_their_ends()
    {
        byte[] up = RandomNumberGenerator.GetBytes(200_000), down = RandomNumberGenerator.GetBytes(3);
        string path = _folder.PathOf("conversations.pcapng");
        await using (FileStream file = File.Create(path))
        using (PcapngConversationWriter writer = new(file))
        {
            writer.Begin(1, SocketType.Stream, new IPEndPoint(IPAddress.Loopback, 4000), new IPEndPoint(IPAddress.Loopback, 80), "the first");
            writer.Begin(2, SocketType.Stream, new UnixDomainSocketEndPoint("/tmp/a"), null);
            writer.Open(1, Start);
            writer.Write(1, Start.AddMilliseconds(1), fromClient: true, 0, up);
            writer.Write(2, Start.AddMilliseconds(2), fromClient: false, 0, down);
            writer.Write(1, Start.AddMilliseconds(3), fromClient: false, 0, down);
            writer.End(1, Start.AddMilliseconds(4), fromClient: true);
            writer.End(1, Start.AddMilliseconds(5), fromClient: false);
            writer.Reset(2, Start.AddMilliseconds(6), fromClient: false);
        }

        await Tshark.AssertSoundAsync(path);
        IReadOnlyList<FollowedStream> streams = await Tshark.FollowAsync(path, "tcp", 2);
        Assert.Equal("127.0.0.1:4000", streams[0].Client);
        Assert.Equal(up, streams[0].FromClient);
        Assert.Equal(down, streams[0].FromServer);
        Assert.Equal(down, streams[1].FromServer);
        Assert.Single(await Tshark.FieldsAsync(path, "tcp.flags.reset == 1", "frame.number"));
        Assert.Contains("the first", Assert.Single(await Tshark.FieldsAsync(path, "tcp.port == 4000 && tcp.flags.syn == 1 && tcp.flags.ack == 0", "frame.comment")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datagrams_are_found_too()
    {
        string path = _folder.PathOf("datagrams.pcapng");
        await using (FileStream file = File.Create(path))
        using (PcapngConversationWriter writer = new(file))
        {
            writer.Begin(1, SocketType.Dgram, new IPEndPoint(IPAddress.Loopback, 4000), new IPEndPoint(IPAddress.Loopback, 9999));
            writer.Open(1, Start);
            writer.Write(1, Start, fromClient: true, 0, "ask"u8);
            writer.Write(1, Start.AddMilliseconds(1), fromClient: false, 0, "answer"u8);
        }

        await Tshark.AssertSoundAsync(path);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(path, "udp"));
        Assert.Equal("ask"u8.ToArray(), stream.FromClient);
        Assert.Equal("answer"u8.ToArray(), stream.FromServer);
    }
}
