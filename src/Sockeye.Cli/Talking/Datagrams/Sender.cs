using System.Net;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>Somebody who sends us datagrams.</summary>
/// <param name="Number">Counted from 1, in the order they were first heard.</param>
/// <param name="Address">Where answers go.</param>
/// <param name="Name">As an address; a Unix socket may have none, and cannot be answered then.</param>
internal sealed record Sender(long Number, SocketAddress Address, string Name);
