using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sockeye.Eye.Serving;

/// <summary>What tells a visitor who was given the link from one who was not.</summary>
internal sealed class EyeToken
{
    private const int Bytes = 24;

    private EyeToken(string text) => Text = text;

    public string Text { get; }

    public static EyeToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Takes as long for a text that is nearly right as for any other of its length.</summary>
    public bool Is(string? text) => text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(Text));
}
