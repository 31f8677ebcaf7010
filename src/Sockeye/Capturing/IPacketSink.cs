namespace Sockeye;

/// <summary>Where synthetic packets go.</summary>
internal interface IPacketSink
{
    /// <summary>Begins the next file where so many bytes do not fit into this one: packets that belong together are to stand together.</summary>
    /// <param name="time">When they are.</param>
    /// <param name="bytes">How many there are, at most.</param>
    /// <returns>False: nothing can be written at the moment, and what is would be lost.</returns>
    bool MakeRoom(DateTimeOffset time, int bytes);

    /// <summary>Takes a packet; its bytes are valid during the call only.</summary>
    /// <returns>The packet's number.</returns>
    long Write(in SyntheticPacket packet);

    /// <summary>The secrets of TLS connections that have shaken hands are to stand before what is written from now on.</summary>
    void WriteSecrets();

    /// <summary>Whether the packet of this number is in what is being written now: not in an older file, and not lost.</summary>
    bool Holds(long number);
}
