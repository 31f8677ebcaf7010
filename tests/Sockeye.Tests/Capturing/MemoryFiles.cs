using System.Buffers;

namespace Sockeye.Tests.Capturing;

/// <summary>Files of 200,000 bytes, in memory.</summary>
internal sealed class MemoryFiles : PcapngTarget
{
    private const int BytesMax = 200_000;

    public List<byte[]> All { get; } = [[]];

    public static List<PcapPacket> Read(byte[] file)
    {
        PcapReader reader = new();
        ReadOnlySequence<byte> input = new(file);
        List<PcapPacket> packets = [];
        while (reader.TryRead(ref input, out PcapPacket? packet))
            packets.Add(packet);
        reader.Complete(input);
        return packets;
    }

    public override void Write(ReadOnlySpan<byte> blocks)
    {
        All[^1] = [.. All[^1], .. blocks];
        Length = All[^1].Length;
    }

    public override bool IsFullWith(long more) => Length + more > BytesMax;

    public override void Rotate()
    {
        All.Add([]);
        Length = 0;
    }

    public override void Dispose()
    {
    }
}
