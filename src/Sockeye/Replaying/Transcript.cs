using System.IO.Pipelines;
using System.Net;

namespace Sockeye;

/// <summary>What one TCP connection carried, put together from recorded packets: who sent which bytes when, and how each side ended.</summary>
public sealed class Transcript
{
    internal Transcript(int number, IPEndPoint client, IPEndPoint server, IReadOnlyList<TranscriptEvent> events, IReadOnlyList<TranscriptGap> gaps, bool isSideGuessed)
    {
        (Number, Client, Server, Events, Gaps, IsSideGuessed) = (number, client, server, events, gaps, isSideGuessed);
        ClientLength = LengthOf(fromClient: true);
        ServerLength = LengthOf(fromClient: false);
    }

    /// <summary>Its number in the recording, in the order in which connections begin, from 1.</summary>
    public int Number { get; }

    /// <summary>Who connected.</summary>
    public IPEndPoint Client { get; }

    /// <summary>Who was connected to.</summary>
    public IPEndPoint Server { get; }

    /// <summary>No SYN tells who connected: it is taken for the side with the higher port, or else the one that is seen first.</summary>
    public bool IsSideGuessed { get; }

    /// <summary>What the two did, in the order in which it was complete at the place of recording.</summary>
    public IReadOnlyList<TranscriptEvent> Events { get; }

    /// <summary>What is missing. Nothing stands in its place in <see cref="Events"/>.</summary>
    public IReadOnlyList<TranscriptGap> Gaps { get; }

    /// <summary>How many bytes of the client there are.</summary>
    public long ClientLength { get; }

    /// <summary>How many bytes of the server there are.</summary>
    public long ServerLength { get; }

    /// <summary>Reads all connections of a capture file; <see cref="TcpReassembler"/> tells more of what else is in it.</summary>
    /// <param name="capture">The file, pcap or pcapng. It is read to its end, and remains the caller's.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ProtocolException">The file is malformed, cut within a block, or holds more than a <see cref="TcpReassembler"/> takes.</exception>
    public static async Task<IReadOnlyList<Transcript>> ReadAllAsync(PipeReader capture, CancellationToken cancellationToken = default)
    {
        TcpReassembler reassembler = new();
        await foreach (PcapPacket packet in PcapReader.ReadAsync(capture, cancellationToken: cancellationToken).ConfigureAwait(false))
            reassembler.Add(packet);
        return reassembler.Complete();
    }

    private long LengthOf(bool fromClient)
    {
        long length = 0;
        foreach (TranscriptEvent each in Events)
            length += each.FromClient == fromClient ? each.Data.Length : 0;
        return length;
    }
}
