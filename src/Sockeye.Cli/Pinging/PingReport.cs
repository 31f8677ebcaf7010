using System.Net;

namespace Sockeye.Cli.Pinging;

/// <summary>Tells how a ping goes.</summary>
internal abstract class PingReport
{
    public abstract void Begin(string host, IPAddress address, int payloadLength, bool isRaw);

    public abstract void Answer(IcmpEchoAnswer answer, bool isLate);

    /// <summary>No answer came within the time for one.</summary>
    public abstract void Missing(ushort sequenceNumber, TimeSpan timeout);

    /// <summary>A request could not be sent.</summary>
    public abstract void Unsent(string problem);

    public abstract void End(string host, IPAddress? address, PingStatistics statistics, TimeSpan elapsed);
}
