using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>Clients without TLS at a door that has it: they see nothing, and the hub's own people are told.</summary>
public sealed class TextTlsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Channel<string> _notices = Channel.CreateUnbounded<string>();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_comes_without_TLS_is_told_of_a_few_times()
    {
        await using TextHub hub = await StartAsync();
        for (int i = 0; i < TextDoor.PlainClientNotices.Burst + 2; i++)
        {
            await using Connection plain = await hub.Network.ConnectAsync("tcp://127.0.0.1:8888");
            await plain.WriteLineAsync("my name and my secret");
            await using TextPeer peer = new(plain);
            await peer.EndAsync();
        }

        await using TextPeer tom = await ComeAsync(hub);
        for (int i = 0; i < TextDoor.PlainClientNotices.Burst; i++)
            AssertTold(await NoticeAsync());
        await hub.StopAsync();
        await tom.EndAsync();
        await hub.PassTimeUntilAsync(hub.Running, TimeSpan.FromMilliseconds(100));
        Assert.False(_notices.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Who_waits_to_be_greeted_is_told_of_when_the_handshake_should_have_come()
    {
        await using TextHub hub = await StartAsync();
        await using TextPeer plain = new(await hub.Network.ConnectAsync("tcp://127.0.0.1:8888"));

        Task<string> told = NoticeAsync();
        await hub.PassTimeUntilAsync(told, TimeSpan.FromMilliseconds(100));

        AssertTold(await told);
    }

    private Task<string> NoticeAsync() => _notices.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang.Limit);

    private static void AssertTold(string notice)
    {
        Assert.StartsWith("tls://127.0.0.1:8888: 127.0.0.1:", notice, StringComparison.Ordinal);
        Assert.Contains("came without TLS", notice, StringComparison.Ordinal);
        Assert.EndsWith("openssl s_client -quiet -connect 127.0.0.1:8888", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", notice, StringComparison.Ordinal);
    }

    private static async Task<TextPeer> ComeAsync(TextHub hub)
    {
        ConnectorOptions options = new() { Tls = new TlsClientOptions { AllowUntrusted = true } };
        return await new TextPeer(await hub.Network.ConnectAsync("tls://127.0.0.1:8888", options)).AsAsync("Tom");
    }

    private async Task<TextHub> StartAsync()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        string file = _folder.PathOf("hub.pem");
        string key = _folder.PathOf("hub.key");
        await File.WriteAllTextAsync(file, certificate.ExportPem());
        await File.WriteAllTextAsync(key, certificate.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return await TextHub.StartAsync(new HubOptions
        {
            Text = "tls://127.0.0.1:8888",
            TlsCertificate = file,
            TlsKey = key,
            OnNotice = notice => _notices.Writer.TryWrite(notice),
        });
    }
}
