using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A <see cref="PacketFilter"/> as a program of classic BPF, which the kernel runs on every packet before it is queued (bpf(4) of BSD, Linux'
/// networking/filter.rst). It lets all pass that belongs to the conversation, and more where it cannot look: it has no loops to go through IPv6's extension
/// headers with, and of ICMP errors it knows one address only. <see cref="PacketReader"/> looks again.
/// </summary>
internal static class PacketFilterProgram
{
    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort LoadWordIndexed = 0x40;
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
        if (isIPv4)
        {
            program.Add(LoadHalf, IPv4View.FragmentOffsetOffset);
            program.RejectIf(JumpSet, IPv4View.FragmentOffsetMask);
            program.Add(LoadHeaderLength, 0);
        }

        program.Add(LoadByte, (uint)(isIPv4 ? IPv4View.ProtocolOffset : IPv6View.NextHeaderOffset));
        if (!isIPv4)
            program.AcceptIfAny(IPv6View.ExtensionHeaders);
        int noSegment = program.Jump(JumpEqual, (uint)filter.Protocol);
        AddConversation(program, filter, isIPv4);
        program.LandFalse(noSegment);
        program.RejectUnless((uint)(isIPv4 ? ProtocolType.Icmp : ProtocolType.IcmpV6));
        AddErrors(program, filter.Remote, isIPv4);
        return program.ToArray();
    }

    private static void AddConversation(Program program, PacketFilter filter, bool isIPv4)
    {
        (uint source, uint destination) = AddressOffsets(isIPv4);
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
    }

    /// <summary>Those that quote a packet from or to the remote address, behind the message's own header.</summary>
    private static void AddErrors(Program program, IPEndPoint remote, bool isIPv4)
    {
        (uint source, uint destination) = AddressOffsets(isIPv4);
        uint quoted = (isIPv4 ? 0u : IPv6View.HeaderLength) + IcmpView.HeaderLength;
        foreach (uint offset in new[] { source, destination })
        {
            List<int> misses = [.. program.MatchAddress(remote, quoted + offset, isIPv4 ? LoadWordIndexed : LoadWord)];
            program.Add(Return, Everything);
            misses.ForEach(program.LandFalse);
        }

        program.Add(Return, 0);
    }

    private static (uint Source, uint Destination) AddressOffsets(bool isIPv4) => isIPv4
        ? ((uint)IPv4View.SourceOffset, (uint)IPv4View.DestinationOffset)
        : ((uint)IPv6View.SourceOffset, (uint)IPv6View.DestinationOffset);

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

        public void AcceptIfAny(ReadOnlySpan<byte> values)
        {
            foreach (byte value in values)
            {
                int jump = Jump(JumpEqual, value);
                Add(Return, Everything);
                LandFalse(jump);
            }
        }

        public IEnumerable<int> MatchAddress(IPEndPoint? end, uint offset, ushort load = LoadWord)
        {
            if (end is null || end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any))
                yield break;
            byte[] address = end.Address.GetAddressBytes();
            for (int i = 0; i < address.Length; i += sizeof(uint))
            {
                Add(load, offset + (uint)i);
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
