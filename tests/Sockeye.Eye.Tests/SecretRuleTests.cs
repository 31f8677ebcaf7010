using System.Text;
using Sockeye.Eye.Masking;

namespace Sockeye.Eye.Tests;

/// <summary>Rules pass over what cannot be a secret: they find what they find byte by byte, in whatever is said and however it is cut.</summary>
public class SecretRuleTests
{
    private const int Streams = 4000;

    private static readonly Func<SecretRule>[] Rules =
        [() => new LineSecrets(), () => new NamedSecrets(), () => new UrlSecrets(), () => new RedisSecrets(), () => new PostgresSecrets()];

    /// <summary>What secrets are said with, and what is near to it.</summary>
    private static readonly string[] Words =
    [
        "password", "PassWord", "my_client_secret_2", "secre", "token", "\"", "'", "\\", "\\\"", ":", "=", " ", "  ", "&", ";", "\r\n", "\n", "\r", "\t", "{", "}", "{8}",
        "AUTH ", "auth LOGIN\r\n", "AUTH PLAIN\r\n", "PASS ", "pass", "a1 LOGIN ", "a1 AUTHENTICATE PLAIN\r\n", "Authorization: ", "Cookie:", "Set-Cookie: ", "Host: ", " folded",
        "http://", "bo:hunter2@host", "[::1]:80", "/", "@", "?", "*2\r\n$4\r\nAUTH\r\n$8\r\nhunter2!\r\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$70\r\n", "*4\r\n$6\r\nCONFIG\r\n", "$3\r\nSET\r\n",
        "$11\r\nrequirepass\r\n", "*4\r\n$3\r\nACL\r\n$7\r\nSETUSER\r\n$2\r\nbo\r\n$9\r\n>hunter2!\r\n", "\0\0\0\x0d", "p", "Q\0\0\0\x08abcd", "\0\0\0\x11\0\x03\0\0user\0bo\0\0", "p\0\0\0\x0dhunter2!\0",
        "ord", "plain words and more of them, ", "0123456789abcdef0123456789abcdef0123456789abcdef", "\u00e9\u00ff", "-_-", new('x', 600), new(' ', 600),
    ];

    [Fact]
    public void What_is_passed_over_is_found_to_be_none_byte_by_byte()
    {
        Random random = new(5);
        for (int stream = 0; stream < Streams; stream++)
        {
            byte[] data = Make(random);
            foreach (Func<SecretRule> rule in Rules)
                AssertSame(rule, data, random.Next());
        }
    }

    /// <summary>A stream that begins as PostgreSQL's, as one of lines, or anyhow.</summary>
    private static byte[] Make(Random random)
    {
        StringBuilder text = new(random.Next(4) == 0 ? "\0\0\0\x11\0\x03\0\0user\0bo\0\0" : "");
        for (int count = random.Next(1, 30); count > 0; count--)
            text.Append(Words[random.Next(Words.Length)]);
        byte[] data = Encoding.Latin1.GetBytes(text.ToString());
        for (int broken = random.Next(3); broken > 0; broken--)
            data[random.Next(data.Length)] = (byte)random.Next(256);
        return data;
    }

    private static void AssertSame(Func<SecretRule> make, byte[] data, int seed)
    {
        Random random = new(seed);
        SecretRule rule = make(), bytewise = make();
        for (int offset = 0; offset < data.Length;)
        {
            ReadOnlySpan<byte> fragment = data.AsSpan(offset, Math.Min(data.Length - offset, random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 700)));
            bool[] found = new bool[fragment.Length], expected = new bool[fragment.Length];
            rule.Find(fragment, found);
            for (int i = 0; i < fragment.Length; i++)
                expected[i] = bytewise.Take(fragment[i], fragment[(i + 1)..]);
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{rule.GetType().Name} of {Encoding.Latin1.GetString(data)} from {offset}");
            offset += fragment.Length;
            if (random.Next(20) == 0)
            {
                rule.Miss();
                bytewise.Miss();
            }
        }
    }
}
