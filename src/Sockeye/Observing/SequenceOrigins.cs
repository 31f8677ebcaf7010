using System.Net;

namespace Sockeye;

/// <summary>The first sequence number of each direction of the connections that are seen.</summary>
internal sealed class SequenceOrigins
{
    /// <summary>How many directions are remembered; then all are forgotten, and numbers are not relative any more until the next SYN.</summary>
    public const int DirectionsMax = 1024;

    private readonly Dictionary<(IPEndPoint Source, IPEndPoint Destination), uint> _origins = [];

    /// <summary>The header's numbers relative to those of the SYNs; a SYN sets its direction's.</summary>
    public (uint? Sequence, uint? Acknowledgment) Relate(IPEndPoint source, IPEndPoint destination, TcpHeader header)
    {
        if (header.Flags.HasFlag(TcpFlags.Syn))
        {
            if (_origins.Count >= DirectionsMax)
                _origins.Clear();
            _origins[(source, destination)] = header.SequenceNumber;
        }

        // Sequence numbers wrap around; so does the difference.
        uint? sequence = _origins.TryGetValue((source, destination), out uint own) ? unchecked(header.SequenceNumber - own) : null;
        uint? acknowledgment = header.Flags.HasFlag(TcpFlags.Ack) && _origins.TryGetValue((destination, source), out uint other)
            ? unchecked(header.AcknowledgmentNumber - other)
            : null;
        return (sequence, acknowledgment);
    }
}
