namespace Sockeye;

/// <summary>
/// Serves one connection. The server disposes the connection when the handler returns, in order; an exception ends that connection only, with a reset.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="stop">Fires when the server begins to drain: finish what is under way and return.</param>
public delegate Task Handler(Connection connection, CancellationToken stop);
