using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sockeye.Hub.Storage;

/// <summary>A password as it is kept: <c>pbkdf2-sha256$ROUNDS$SALT$HASH</c>, with salt and hash in base 64. It says itself how it was made, so that the rounds may grow.</summary>
internal static class PasswordHash
{
    private const string Kind = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    public static string Make(string password, int rounds)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] hash = Derive(password, salt, rounds);
        return string.Create(CultureInfo.InvariantCulture, $"{Kind}${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>Whether a password is the one that was kept; takes as long for one as for the other.</summary>
    public static bool IsOf(string password, string kept)
    {
        if (kept.Split('$') is not [Kind, var rounds, var salt, var hash])
            throw new HubDataException("A password in the store is kept in a way that this version does not know.");
        byte[] derived = Derive(password, Convert.FromBase64String(salt), int.Parse(rounds, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(derived, Convert.FromBase64String(hash));
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA256, HashBytes);
}
