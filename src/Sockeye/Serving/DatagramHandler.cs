namespace Sockeye;

/// <summary>Serves one datagram. Its bytes are valid until the handler has ended.</summary>
/// <param name="datagram">The datagram, its sender, and how to answer.</param>
/// <param name="stop">Fires when the server begins to drain.</param>
public delegate ValueTask DatagramHandler(ServedDatagram datagram, CancellationToken stop);
