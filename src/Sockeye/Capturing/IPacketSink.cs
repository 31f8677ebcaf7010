namespace Sockeye;

/// <summary>Where synthetic packets go.</summary>
internal interface IPacketSink
{
    /// <summary>Takes a packet; its bytes are valid during the call only.</summary>
    /// <returns>The packet's number.</returns>
    long Write(in SyntheticPacket packet);

    /// <summary>The secrets of TLS connections that have shaken hands are to stand before what is written from now on.</summary>
    void WriteSecrets();

    /// <summary>Whether the packet of this number is in what is being written now: not in an older file, and not lost.</summary>
    bool Holds(long number);
}
