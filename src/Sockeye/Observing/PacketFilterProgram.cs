using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A <see cref="PacketFilter"/> as a program of classic BPF, which the kernel runs on every packet before it is queued (bpf(4) of BSD, Linux'
/// networking/filter.rst). It looks at IP headers: extension headers of IPv6 are not gone through.
/// </summary>
internal static class PacketFilterProgram
{
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort LoadHalfIndexed = 0x48;
    private const ushort LoadHeaderLength = 0xB1;
    private const ushort And = 0x54;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpSet = 0x45;
    private const ushort Return = 0x06;

    /// <summary>SKF_AD_OFF and behind it what the kernel knows of a packet beside its bytes.</summary>
    private const uint Ancillary = unchecked((uint)-0x1000);
    private const uint PacketType = Ancillary + 4;
    private const uint HardwareType = Ancillary + 28;
    private const uint OutgoingPacket = 4;
    private const uint LoopbackHardware = 772;

    private const uint IPv6PortsOffset = IPv6View.HeaderLength;

    /// <summary>The whole packet.</summary>
    private const uint Everything = 0x40000;

    public static ulong[] Compile(PacketFilter filter)
    {
        bool isIPv4 = filter.Remote.AddressFamily == AddressFamily.InterNetwork;
        Program program = new();

        // Over loopback every packet comes twice, once as it goes out and once as it comes in.
        program.Add(LoadHalf, HardwareType);
        int notLoopback = program.Jump(JumpEqual, LoopbackHardware);
        program.Add(LoadByte, PacketType);
        program.RejectIf(JumpEqual, OutgoingPacket);
        program.LandFalse(notLoopback);

        program.Add(LoadByte, 0);
        program.Add(And, 0xF0);
        program.RejectUnless(isIPv4 ? 0x40u : 0x60u);
        program.Add(LoadByte, (uint)(isIPv4 ? IPv4View.ProtocolOffset : IPv6View.NextHeaderOffset));
        program.RejectUnless((uint)filter.Protocol);
        if (isIPv4)
        {
            program.Add(LoadHalf, IPv4View.FragmentOffsetOffset);
            program.RejectIf(JumpSet, IPv4View.FragmentOffsetMask);
            program.Add(LoadHeaderLength, 0);
        }

        (uint source, uint destination) = isIPv4
            ? ((uint)IPv4View.SourceOffset, (uint)IPv4View.DestinationOffset)
            : ((uint)IPv6View.SourceOffset, (uint)IPv6View.DestinationOffset);
        foreach ((bool isIncoming, IPEndPoint? sender, IPEndPoint? receiver) in new[] { (true, filter.Remote, filter.Local), (false, filter.Local, filter.Remote) })
        {
            List<int> misses = [];
            misses.AddRange(program.MatchAddress(sender, source));
            misses.AddRange(program.MatchAddress(receiver, destination));
            misses.AddRange(program.MatchPort(sender, 0, isIPv4));
            misses.AddRange(program.MatchPort(receiver, 2, isIPv4));
            program.Add(Return, Everything);
            misses.ForEach(program.LandFalse);
            if (!isIncoming)
                program.Add(Return, 0);
        }

        return program.ToArray();
    }

    private sealed class Program
    {
        private readonly List<(ushort Code, byte True, byte False, uint Value)> _instructions = [];

        public void Add(ushort code, uint value) => _instructions.Add((code, 0, 0, value));

        /// <summary>A jump that goes on when it is true; where to when it is false is said by <see cref="LandFalse"/>.</summary>
        public int Jump(ushort code, uint value)
        {
            Add(code, value);
            return _instructions.Count - 1;
        }

        /// <summary>The jump goes here when it is false.</summary>
        public void LandFalse(int jump) =>
            _instructions[jump] = _instructions[jump] with { False = checked((byte)(_instructions.Count - jump - 1)) };

        public void RejectIf(ushort code, uint value)
        {
            int jump = Jump(code, value);
            Add(Return, 0);
            LandFalse(jump);
        }

        public void RejectUnless(uint value)
        {
            _instructions.Add((JumpEqual, 1, 0, value));
            Add(Return, 0);
        }

        public IEnumerable<int> MatchAddress(IPEndPoint? end, uint offset)
        {
            if (end is null || end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any))
                yield break;
            byte[] address = end.Address.GetAddressBytes();
            for (int i = 0; i < address.Length; i += sizeof(uint))
            {
                Add(LoadWord, offset + (uint)i);
                yield return Jump(JumpEqual, BinaryPrimitives.ReadUInt32BigEndian(address.AsSpan(i)));
            }
        }

        public IEnumerable<int> MatchPort(IPEndPoint? end, uint offset, bool isIPv4)
        {
            if (end is null || end.Port == 0)
                yield break;
            Add(isIPv4 ? LoadHalfIndexed : LoadHalf, isIPv4 ? offset : IPv6PortsOffset + offset);
            yield return Jump(JumpEqual, (uint)end.Port);
        }

        /// <summary>struct sock_filter: 16 bits of code, 8 and 8 of jumps, 32 of value, in the machine's byte order.</summary>
        public ulong[] ToArray() => [.. _instructions.Select(static each => BitConverter.IsLittleEndian
            ? each.Code | ((ulong)each.True << 16) | ((ulong)each.False << 24) | ((ulong)each.Value << 32)
            : ((ulong)each.Code << 48) | ((ulong)each.True << 40) | ((ulong)each.False << 32) | each.Value)];
    }
}
