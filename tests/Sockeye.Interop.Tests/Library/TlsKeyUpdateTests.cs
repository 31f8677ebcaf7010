using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>
/// What TLS 1.3 sends after the handshake (RFC 8446, section 4.6), while both directions carry data: OpenSSL's programs send a KeyUpdate when a line is typed
/// that begins with K (answer it) or k, and ask for a client certificate at c.
/// </summary>
public sealed partial class TlsKeyUpdateTests : IDisposable
{
    private const int Rounds = 12;
    private const int LinesPerRound = 32;
    private const string End = "(that was all)";

    private readonly ScratchFolder _folder = new();
    private readonly TlsCertificate _certificate = TlsCertificate.CreateSelfSigned(["localhost", "127.0.0.1"]);
    private readonly string _pem;

    public TlsKeyUpdateTests()
    {
        _pem = _folder.PathOf("server.pem");
        using ECDsa key = _certificate.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_pem, _certificate.ExportPem() + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    [GeneratedRegex(@"<(\d{6})\.+>")]
    private static partial Regex OurLines { get; }

    [GeneratedRegex(@"[A-Za-z][^\n<]*\n")]
    private static partial Regex Notes { get; }

    public void Dispose()
    {
        _folder.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("K")]
    [InlineData("k")]
    public async Task OpenSSLs_server_changes_its_keys_while_we_write(string command)
    {
        await using Peer server = Programs.OpenSsl("s_server", "-accept", "127.0.0.1:0", "-cert", _pem, "-key", _pem, "-tls1_3", "-naccept", "1");
        string port = await server.LineAfterAsync("ACCEPT 127.0.0.1:");
        await using Connection connection = await Network.Host.ConnectAsync(
            $"tls://127.0.0.1:{port}", new ConnectorOptions { Tls = new TlsClientOptions { Pins = [_certificate.Fingerprint] } }, TestContext.Current.CancellationToken);
        await connection.HandshakeAsync(TestContext.Current.CancellationToken);
        await server.SaysAsync("CIPHER is");
        await TalkAsync(connection, server, command);
    }

    [Theory]
    [InlineData("K")]
    [InlineData("k")]
    public async Task OpenSSLs_client_changes_its_keys_while_we_write(string command)
    {
        await using Listener listener = await Network.Host.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = _certificate } });
        await using Peer client = Programs.OpenSsl("s_client", "-connect", $"127.0.0.1:{listener.Address.Port}", "-tls1_3");
        await using Connection connection = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;
        await connection.HandshakeAsync(TestContext.Current.CancellationToken);
        await client.SaysAsync("Verify return code");
        await TalkAsync(connection, client, command);
    }

    /// <summary>The server asks when the connection has long been used; the client answers while it writes.</summary>
    [Fact]
    public async Task OpenSSLs_server_asks_for_a_certificate_after_the_handshake()
    {
        await using Peer server = Programs.OpenSsl(
            "s_server", "-accept", "127.0.0.1:0", "-cert", _pem, "-key", _pem, "-tls1_3", "-naccept", "1", "-verify", "1", "-CAfile", _pem);
        string port = await server.LineAfterAsync("ACCEPT 127.0.0.1:");
        TlsClientOptions tls = new() { Pins = [_certificate.Fingerprint], Certificate = TlsCertificate.LoadPem(_pem) };
        await using Connection connection = await Network.Host.ConnectAsync($"tls://127.0.0.1:{port}", new ConnectorOptions { Tls = tls }, TestContext.Current.CancellationToken);
        await connection.HandshakeAsync(TestContext.Current.CancellationToken);
        await server.SaysAsync("CIPHER is");
        Task<ReadResult> reading = connection.Input.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        Task writing = connection.WriteAsync(Lines(0), TestContext.Current.CancellationToken).AsTask();
        await server.TypeAsync("c");

        // It comes while we write, and its answer goes between two records of ours.
        await server.SaysOnErrorsAsync("verify return:1");
        await writing;
        await connection.WriteAsync(Lines(1), TestContext.Current.CancellationToken);
        await connection.WriteLineAsync(End);
        await server.SaysAsync(End);
        Assert.Equal(Enumerable.Range(0, 2 * LinesPerRound), NumbersOf(server));
        await server.TypeAsync("answer");
        Assert.StartsWith("answer\n", Encoding.UTF8.GetString((await reading).Buffer), StringComparison.Ordinal);
    }

    /// <summary>Rounds of both directions with a KeyUpdate in the middle of our write; nothing is lost, and where we are to answer it we do.</summary>
    private static async Task TalkAsync(Connection connection, Peer peer, string command)
    {
        KeyUpdates updates = new();
        connection.Socket!.Observer = updates;
        CancellationToken stop = TestContext.Current.CancellationToken;
        for (int round = 0; round < Rounds; round++)
        {
            Task writing = connection.WriteAsync(Lines(round), stop).AsTask();
            Task update = updates.NextAsync();
            await peer.TypeAsync(command);

            // The update is noticed by who reads; the line behind it is under the new keys.
            Task<string> reading = LineAsync(connection.Input, stop);
            await update;
            await peer.TypeAsync($"after {round}");
            Assert.Equal($"after {round}", await reading);
            await writing;
        }

        await connection.WriteAsync(Lines(Rounds), stop);
        await connection.WriteLineAsync(End, stop);
        await peer.SaysAsync(End);
        Assert.Equal(Enumerable.Range(0, (Rounds + 1) * LinesPerRound), NumbersOf(peer));
        Assert.Equal((Rounds, command == "K" ? Rounds : 0), (updates.ReceivedCount, updates.SentCount));
    }

    /// <summary>The lines that have come whole. The server prints notes of its own anywhere in them ("Read BLOCK", "SSL_do_handshake -> 1"); ours have no letters.</summary>
    private static IEnumerable<int> NumbersOf(Peer peer) =>
        OurLines.Matches(Notes.Replace(peer.Output, "")).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    private static byte[] Lines(int round) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(round * LinesPerRound, LinesPerRound).Select(number => $"<{number:000000}{new string('.', 4000)}>\n")));

    private static async Task<string> LineAsync(PipeReader input, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(stop);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                string line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                input.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            Assert.False(result.IsCompleted);
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
