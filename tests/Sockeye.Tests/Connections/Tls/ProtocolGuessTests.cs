using System.Text;

namespace Sockeye.Tests.Connections.Tls;

public class ProtocolGuessTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP", "http")]
    [InlineData("GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n", "WebSocket", "ws")]
    [InlineData("HTTP/1.1 200 OK\r\n", "HTTP", "http")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<title>400 The plain HTTP request was sent to HTTPS port</title>", "TLS", "tls")]
    [InlineData("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", "TLS", "tls")]
    [InlineData("SSH-2.0-x\r\n", "SSH", null)]
    [InlineData("220 mail ESMTP\r\n", "SMTP", null)]
    [InlineData("220-ftp FTP server\r\n", "FTP", null)]
    [InlineData("* OK IMAP4rev1\r\n", "IMAP", null)]
    [InlineData("+OK POP3\r\n", "POP3", null)]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY", null)]
    [InlineData("just words\n", "text", null)]
    public void A_protocol_is_known_by_its_first_bytes(string text, string protocol, string? scheme)
    {
        ProtocolGuess guess = ProtocolGuess.Of(Encoding.ASCII.GetBytes(text))!;
        Assert.Equal((protocol, scheme), (guess.Protocol, guess.Scheme));
    }

    [Theory]
    [InlineData("16030100f4010000f0", "a TLS ClientHello")]
    [InlineData("160303007a02000076", "a TLS ServerHello")]
    [InlineData("1503030002020a", "a TLS alert (unexpected message)")]
    [InlineData("150301000202", "a TLS alert")]
    [InlineData("1703030013", "a TLS record")]
    public void TLS_is_known_by_its_records(string bytes, string description)
    {
        ProtocolGuess guess = ProtocolGuess.Of(Convert.FromHexString(bytes))!;
        Assert.Equal((description, "tls"), (guess.Description, guess.Scheme));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000001")]
    [InlineData("ff")]
    [InlineData("16")]
    [InlineData("160902")]
    public void What_looks_like_nothing_is_not_guessed(string bytes) => Assert.Null(ProtocolGuess.Of(Convert.FromHexString(bytes)));

    [Fact]
    public void Whatever_comes_it_never_throws()
    {
        Random random = new(7);
        byte[] bytes = new byte[300];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            ProtocolGuess.Of(bytes.AsSpan(0, random.Next(bytes.Length)));
        }
    }
}
