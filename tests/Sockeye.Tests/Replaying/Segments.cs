using System.Net;
using System.Text;

namespace Sockeye.Tests.Replaying;

/// <summary>Segments of a connection, made by hand.</summary>
/// <param name="client">Who connects.</param>
/// <param name="server">To whom.</param>
internal sealed class Segments(string client = "192.0.2.1:40000", string server = "192.0.2.2:80")
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly IPEndPoint _client = IPEndPoint.Parse(client);
    private readonly IPEndPoint _server = IPEndPoint.Parse(server);
    private readonly PacketBuilder _builder = new();
    private int _count;

    public PcapPacket FromClient(uint sequence, string data = "", TcpFlags flags = TcpFlags.Ack, int missing = 0) => Make(_client, _server, sequence, data, flags, missing);

    public PcapPacket FromServer(uint sequence, string data = "", TcpFlags flags = TcpFlags.Ack, int missing = 0) => Make(_server, _client, sequence, data, flags, missing);

    /// <summary>SYN, SYN and ACK, ACK.</summary>
    public PcapPacket[] Handshake(uint client, uint server) =>
        [FromClient(client, flags: TcpFlags.Syn), FromServer(server, flags: TcpFlags.Syn | TcpFlags.Ack), FromClient(client + 1)];

    public static IReadOnlyList<Transcript> Read(params PcapPacket[] packets) => Read(new TcpReassembler(), packets);

    public static IReadOnlyList<Transcript> Read(TcpReassembler reassembler, params IEnumerable<PcapPacket> packets)
    {
        foreach (PcapPacket packet in packets)
            reassembler.Add(packet);
        return reassembler.Complete();
    }

    /// <summary>">hello" for the client's bytes, "&lt;hi" for the server's, "&lt;END", ">RESET".</summary>
    public static string[] Summary(Transcript transcript) =>
        [.. transcript.Events.Select(each => (each.FromClient ? ">" : "<") + (each.Kind == TranscriptEventKind.Data ? Encoding.Latin1.GetString(each.Data.Span) : each.Kind.ToString().ToUpperInvariant()))];

    private PcapPacket Make(IPEndPoint source, IPEndPoint destination, uint sequence, string data, TcpFlags flags, int missing)
    {
        byte[] bytes = _builder.Build(source, destination, new TcpHeader { SequenceNumber = sequence, Flags = flags, Window = 1000 }, Encoding.Latin1.GetBytes(data)).ToArray();
        return new PcapPacket { Time = Start.AddSeconds(_count++), Bytes = bytes.AsMemory(0, bytes.Length - missing), MissingLength = missing };
    }
}
