using System.Text;
using Sockeye.Eye.Masking;

namespace Sockeye.Eye.Tests;

/// <summary>What is masked, and what is not, however the stream is cut.</summary>
public class SecretMaskTests
{
    private const string Secret = "hunter2!";

    /// <summary>What is said, with the secrets in angles.</summary>
    public static TheoryData<string> Said => new()
    {
        "GET / HTTP/1.1\r\nHost: a\r\nAuthorization:‹ Basic hunter2!›\r\nAccept: */*\r\n\r\n",
        "GET / HTTP/1.1\r\nproxy-authorization:‹hunter2!›\r\nCookie:‹ a=hunter2!; b=1›\r\nX: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie:‹ id=hunter2!; HttpOnly›\r\n‹ folded hunter2!›\r\nServer: x\r\n\r\n",
        "USER bo\r\nPASS ‹hunter2!›\r\nSTAT\r\n",
        "EHLO x\r\nAUTH ‹LOGIN›\r\n‹Ym8=›\r\n‹hunter2!›\r\nMAIL FROM:<a@b.example>\r\n",
        "EHLO x\r\nAUTH ‹PLAIN hunter2!›\r\nMAIL FROM:<a@b.example>\r\n",
        "AUTH ‹PLAIN›\r\n‹hunter2!›\r\nMAIL FROM:<a@b.example>\r\n",
        "a1 LOGIN ‹bo hunter2!›\r\na2 SELECT inbox\r\n",
        "a1 login ‹{4}›\r\n‹bo12 {8}›\r\n‹hunter2!›\r\na2 SELECT inbox\r\n",
        "a1 AUTHENTICATE ‹PLAIN›\r\n‹hunter2!›\r\na2 SELECT inbox\r\n",
        "AUTH ‹hunter2!›\r\nPING\r\n",
        "*2\r\n$4\r\nAUTH\r\n$8\r\n‹hunter2!›\r\n*1\r\n$4\r\nPING\r\n",
        "*3\r\n$4\r\nauth\r\n$2\r\n‹bo›\r\n$8\r\n‹hunter2!›\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
        "*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$2\r\n‹bo›\r\n$8\r\n‹hunter2!›\r\n*1\r\n$4\r\nPING\r\n",
        "*4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$11\r\nrequirepass\r\n$8\r\n‹hunter2!›\r\n*1\r\n$4\r\nPING\r\n",
        "*5\r\n$3\r\nACL\r\n$7\r\nSETUSER\r\n$2\r\nbo\r\n$2\r\non\r\n$9\r\n‹>hunter2!›\r\n*1\r\n$4\r\nPING\r\n",
        "{\"user\":\"bo\",\"password\": \"‹hunter2!›\",\"age\":7}",
        "{\"passWord\":\"‹hunter2!\\\"hunter2!›\",\"age\":7}",
        "\"{\\\"client_secret\\\":\\\"‹hunter2!\\›\",\\\"age\\\":7}\"",
        "user=bo&password=‹hunter2!›&age=7",
        "Host=a;Username=bo;Password=‹hunter2!›;Database=d",
        "ALTER ROLE bo PASSWORD '‹hunter2!›' VALID UNTIL 'x'",
        "see http://bo:‹hunter2!›@example.org:80/ and http://example.org:8080/x",
    };

    [Theory]
    [MemberData(nameof(Said))]
    public void Secrets_are_masked_and_nothing_else_is(string said)
    {
        (byte[] data, byte[] expected) = Read(said);
        byte[] shown = [.. data];
        int masked = new SecretMask(fromClient: true).Apply(shown);

        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(shown));
        Assert.Equal(said.Split('‹')[1..].Sum(static part => part.IndexOf('›', StringComparison.Ordinal)), masked);
    }

    [Theory]
    [MemberData(nameof(Said))]
    public void They_are_masked_wherever_the_stream_is_cut(string said)
    {
        (byte[] data, _) = Read(said);
        for (int cut = 0; cut <= data.Length; cut++)
        {
            byte[] shown = [.. data];
            SecretMask mask = new(fromClient: true);
            mask.Apply(shown.AsSpan(0, cut));
            mask.Apply(shown.AsSpan(cut));
            Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(shown), StringComparison.Ordinal);
            Assert.DoesNotContain(Secret[2..6], Encoding.UTF8.GetString(shown), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Said))]
    public void They_are_masked_byte_by_byte(string said)
    {
        (byte[] data, _) = Read(said);
        SecretMask mask = new(fromClient: true);
        for (int i = 0; i < data.Length; i++)
            mask.Apply(data.AsSpan(i, 1));
        Assert.DoesNotContain(Secret[2..6], Encoding.UTF8.GetString(data), StringComparison.Ordinal);
    }

    [Fact]
    public void PostgreSQLs_password_messages_are_masked_wherever_they_are_cut()
    {
        byte[] startup = [0, 0, 0, 8, 4, 210, 22, 47, 0, 0, 0, 17, 0, 3, 0, 0, .. "user\0bo\0\0"u8];
        byte[] password = [(byte)'p', 0, 0, 0, 13, .. "hunter2!\0"u8];
        byte[] query = [(byte)'Q', 0, 0, 0, 13, .. "SELECT 1\0"u8];
        byte[] data = [.. startup, .. password, .. query];
        byte[] expected = [.. startup, .. password[..5], .. "*********"u8, .. query];
        for (int cut = 0; cut <= data.Length; cut++)
        {
            byte[] shown = [.. data];
            SecretMask mask = new(fromClient: true);
            mask.Apply(shown.AsSpan(0, cut));
            mask.Apply(shown.AsSpan(cut));
            Assert.Equal(expected, shown);
        }
    }

    [Fact]
    public void What_a_PostgreSQL_server_proves_is_masked_wherever_it_is_cut()
    {
        byte[] more = [(byte)'R', 0, 0, 0, 18, 0, 0, 0, 11, .. "r=ab,i=409"u8];
        byte[] final = [(byte)'R', 0, 0, 0, 14, 0, 0, 0, 12, .. "v=abcd"u8];
        byte[] ready = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0, (byte)'R', 0, 0, 0, 14, 0, 0, 0, 12, .. "a row."u8];
        byte[] data = [(byte)'N', .. more, .. final, .. ready];
        byte[] expected = [(byte)'N', .. more, .. final[..9], .. "******"u8, .. ready];
        for (int cut = 0; cut <= data.Length; cut++)
        {
            byte[] shown = [.. data];
            SecretMask mask = new(fromClient: false);
            mask.Apply(shown.AsSpan(0, cut));
            mask.Apply(shown.AsSpan(cut));
            Assert.Equal(expected, shown);
        }
    }

    [Theory]
    [InlineData("READY 1234 R\0\0\0\u000e\0\0\0\fhello!")]
    [InlineData("NR\0\0\0\u0004\0\0\0\fhello!")]
    public void What_only_looks_like_PostgreSQL_is_left_as_it_is(string said)
    {
        byte[] shown = Encoding.Latin1.GetBytes(said);
        Assert.Equal(0, new SecretMask(fromClient: false).Apply(shown));
        Assert.Equal(said, Encoding.Latin1.GetString(shown));
    }

    [Fact]
    public void After_a_hole_in_a_servers_proof_nothing_more_is_shown()
    {
        SecretMask mask = new(fromClient: false);
        mask.Apply([(byte)'R', 0, 0, 0, 14, 0, 0, 0, 12, .. "v="u8]);
        mask.Miss();
        byte[] rest = [.. "abcd\nand more"u8];
        Assert.Equal(rest.Length - 1, mask.Apply(rest));
        Assert.DoesNotContain("more", Encoding.UTF8.GetString(rest), StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_hole_the_rest_of_a_line_is_masked_and_the_rest_of_a_password()
    {
        SecretMask mask = new(fromClient: true);
        byte[] first = [.. "GET / HTTP/1.1\r\nAuthorization: Ba"u8];
        mask.Apply(first);
        mask.Miss();
        byte[] second = [.. "hunter2!\r\nHost: a\r\n"u8];
        mask.Apply(second);
        Assert.Equal("*********\nHost: a\r\n", Encoding.UTF8.GetString(second));

        mask = new(fromClient: true);
        mask.Apply([0, 0, 0, 17, 0, 3, 0, 0, .. "user\0bo\0\0"u8, (byte)'p']);
        mask.Miss();
        byte[] rest = [.. "hunter2!\nand more"u8];
        mask.Apply(rest);
        Assert.DoesNotContain("more", Encoding.UTF8.GetString(rest), StringComparison.Ordinal);

        mask = new(fromClient: true);
        mask.Apply([.. "*2\r\n$4\r\nAUTH\r\n"u8]);
        mask.Miss();
        rest = [.. "\r\nhunter2!\r\n*1\r\n$4\r\nPING\r\n"u8];
        mask.Apply(rest);
        Assert.Contains("\n********\r\n*1\r\n$4\r\nPING\r\n", Encoding.UTF8.GetString(rest), StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_no_secret_stays_as_it_is()
    {
        const string Plain = "GET /passing/authors?page=2 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nReferer: http://127.0.0.1:8080/a\r\n\r\n"
            + "*3\r\n$3\r\nSET\r\n$4\r\nname\r\n$5\r\nclark\r\n{\"name\":\"clark\"}\r\nhttp://[::1]:80/ a:b@c\r\n";
        byte[] data = Encoding.UTF8.GetBytes(Plain);
        Assert.Equal(0, new SecretMask(fromClient: true).Apply(data));
        Assert.Equal(Plain, Encoding.UTF8.GetString(data));
    }

    /// <summary>The bytes, and what is to be shown of them.</summary>
    private static (byte[] Data, byte[] Expected) Read(string said)
    {
        string[] parts = said.Split('‹', '›');
        string expected = string.Concat(parts.Select(static (part, i) => i % 2 == 1 ? new string('*', part.Length) : part));
        return (Encoding.UTF8.GetBytes(string.Concat(parts)), Encoding.UTF8.GetBytes(expected));
    }
}
