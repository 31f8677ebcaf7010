namespace Sockeye;

/// <summary>Wraps a handler: limits, logging, a protocol below the handler's. The first in a list is the outermost.</summary>
/// <param name="next">What to call with the connection, or with one that wraps it (<see cref="DelegatingConnection"/>).</param>
public delegate Handler Middleware(Handler next);
