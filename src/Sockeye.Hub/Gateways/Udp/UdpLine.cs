using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>A line that waits for its client.</summary>
/// <param name="Bytes">The line, or a piece of one, with its LF.</param>
/// <param name="Message">The message that it is the first piece of; null: it is something else.</param>
/// <param name="IsNotice">It tells of somebody who came or went: the first to be left out.</param>
internal readonly record struct UdpLine(byte[] Bytes, Message? Message = null, bool IsNotice = false);
