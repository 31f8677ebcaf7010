using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>What makes somebody the owner of the hub: a secret in a link, which works once and not for long. Only its hash is kept.</summary>
/// <param name="Secret">43 letters, digits, <c>-</c> and <c>_</c>: 256 random bits.</param>
/// <param name="Expires">When it is worth nothing any more.</param>
internal sealed record OwnerInvitation(string Secret, DateTimeOffset Expires)
{
    /// <summary>How long an invitation is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const int SecretBytes = 32;

    /// <summary>Makes one.</summary>
    public static OwnerInvitation Create(DateTimeOffset now) =>
        new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)), now + Lifetime);

    /// <summary>What the store keeps of a secret. It has too many bits to be guessed, so one round is enough.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>What the store is asked for, before the link is shown.</summary>
    public StoreRequest.InviteOwner ToRequest(bool evenIfOwned = false) => new(HashOf(Secret), Expires, evenIfOwned);
}
