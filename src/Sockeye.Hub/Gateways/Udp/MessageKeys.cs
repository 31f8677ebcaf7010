using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>
/// What becomes of a client's own number in the store, where a key is its author's for ever: a hash of the address, the number and the words, so that whoever
/// repeats a message to a hub that has started anew is known by it. Pure.
/// </summary>
internal static class MessageKeys
{
    /// <summary>The key of a message.</summary>
    /// <param name="from">Where it came from.</param>
    /// <param name="request">The message, with its number.</param>
    /// <param name="former">A message of an earlier session that had the same key; null: none.</param>
    /// <param name="session">When this session began, for a key that is no other session's; null: one that the next start of the hub knows again.</param>
    public static string Of(IPEndPoint from, UdpRequest request, Message? former, DateTimeOffset? session = null)
    {
        string before = former is null ? "" : FormattableString.Invariant($"{former.Conversation.Id.Value}/{former.Number}");
        string all = $"{from}\n{session?.UtcTicks}\n{before}\n{request.Number}\n{request.Kind}\n{request.Name}\n{request.Text}";
        return $"udp:{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(all)))}";
    }
}
