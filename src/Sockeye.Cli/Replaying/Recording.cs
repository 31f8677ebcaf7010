using System.IO.Pipelines;

namespace Sockeye.Cli.Replaying;

/// <summary>The connections of a capture file, or what to do about it.</summary>
internal static class Recording
{
    private const string StandardInput = "-";

    /// <exception cref="ProgramException">It cannot be read, or there is nothing to play in it.</exception>
    public static async Task<IReadOnlyList<Transcript>> ReadAsync(string file, CliEnvironment environment, CancellationToken stop)
    {
        TcpReassembler reassembler = new();
        try
        {
            await using Stream stream = file == StandardInput ? environment.OpenInput() : File.OpenRead(file);
            await foreach (PcapPacket packet in PcapReader.ReadAsync(PipeReader.Create(stream), cancellationToken: stop))
                reassembler.Add(packet);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException(ExitCodes.WrongUsage, $"cannot read {file}: {e.Message.TrimEnd('.')}");
        }
        catch (ProtocolException e)
        {
            throw new ProgramException(ExitCodes.WrongUsage, $"{file}: {e.Message.TrimEnd('.')}; " + (reassembler.Packets == 0
                ? "record with sockeye tap … --pcap FILE, or tcpdump -s 0 -w FILE"
                : $"it was cut while it was written or copied, or is not sound: editcap {file} NEW saves what is whole of it"));
        }

        IReadOnlyList<Transcript> all = reassembler.Complete();
        if (all.Count == 0)
        {
            throw new ProgramException(ExitCodes.WrongUsage, reassembler.Packets == 0
                ? $"{file} holds no IP packets: there is nothing to replay"
                : $"{file} holds no TCP connection among its {reassembler.Packets} packets: only connections can be replayed");
        }

        foreach (Transcript each in all)
            CheckCut(file, each, reassembler);
        return all;
    }

    /// <exception cref="ProgramException">There is no such connection, or several and none is chosen, or it has gaps.</exception>
    public static IReadOnlyList<Transcript> Choose(IReadOnlyList<Transcript> all, ReplaySettings settings)
    {
        IReadOnlyList<Transcript> chosen = settings.Stream is { } number
            ? number <= all.Count ? [all[number - 1]] : throw new ProgramException(ExitCodes.WrongUsage, $"{settings.File} has no connection {number}: it has {all.Count}; --list shows them")
            : [.. all.Where(each => each.Events.Count > 0)];
        if (chosen.Count == 0)
            throw new ProgramException(ExitCodes.WrongUsage, $"nobody said anything on the {all.Count} connections in {settings.File}: there is nothing to replay");
        if (chosen.Count > 1 && !settings.All)
            throw new ProgramException(ExitCodes.WrongUsage, $"{settings.File} has {chosen.Count} connections: choose one with --stream {chosen[0].Number}, or take --all; --list shows them");
        foreach (Transcript each in chosen)
        {
            if (each.Gaps is [TranscriptGap gap, ..])
            {
                throw new ProgramException(ExitCodes.WrongUsage,
                    $"connection {each.Number} lacks {gap.Length} bytes that the {(gap.FromClient ? "client" : "server")} sent after {gap.Offset}: "
                    + "record again, with whole packets (tcpdump -s 0) and without losing any (tcpdump -B 65536)");
            }
        }

        return chosen;
    }

    /// <summary>Where every packet lost its data to a snap length, no byte is behind to show that something is missing.</summary>
    private static void CheckCut(string file, Transcript transcript, TcpReassembler reassembler)
    {
        if (reassembler.CutPackets > 0 && transcript.ClientLength + transcript.ServerLength == 0)
            throw new ProgramException(ExitCodes.WrongUsage, $"{file} holds the beginning of {reassembler.CutPackets} packets only: record again with whole packets (tcpdump -s 0)");
    }
}
