using System.Security.Cryptography.X509Certificates;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>The plain-text door and the programs that people have: nc, telnet, Python, curl, openssl.</summary>
public sealed class TextPeersTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Netcat_telnet_and_Python_over_TCP_and_a_Unix_socket_hold_one_conversation()
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        await using Peer netcat = hub.Netcat();
        await using Peer telnet = hub.Telnet();
        await using Peer python = hub.Python();
        await using Peer netcatOnUnix = hub.NetcatOnUnixSocket();
        await using Peer pythonOnUnix = hub.PythonOnUnixSocket();
        Peer[] all = [netcat, telnet, python, netcatOnUnix, pythonOnUnix];
        await telnet.SaysAsync("Connected to");
        string[] names = ["Netcat", "Telnet", "Python", "管子", "蛇"];
        for (int i = 0; i < all.Length; i++)
        {
            await all[i].SaysAsync("What is your name?");
            await all[i].TypeAsync(names[i]);
            await all[i].SaysAsync("You are in #lobby.");
        }

        for (int i = 0; i < all.Length; i++)
        {
            await all[i].TypeAsync($"大家好 👋 from number {i}");
            foreach (Peer other in all.Except([all[i]]))
                await other.SaysAsync($"{names[i]}: 大家好 👋 from number {i}");
        }

        foreach (Peer peer in all)
        {
            await peer.TypeAsync("quit");
            await peer.SaysAsync("* Good-bye.");
        }
    }

    [Theory]
    [InlineData("nc")]
    [InlineData("telnet")]
    [InlineData("unix")]
    public async Task Two_hundred_lines_pasted_at_once_arrive_in_order(string program)
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        await using Peer reader = hub.Python();
        await reader.TypeAsync("Reader");
        await reader.SaysAsync("Only you are here.");
        await using Peer writer = program switch { "nc" => hub.Netcat(), "telnet" => hub.Telnet(), _ => hub.NetcatOnUnixSocket() };
        await writer.SaysAsync("What is your name?");
        await writer.WriteAsync("Writer\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"第 {i} 行\n")));

        for (int i = 1; i <= 200; i++)
            Assert.Equal($"第 {i} 行", await reader.LineAfterAsync("Writer: "));
        Assert.DoesNotContain("!", writer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_ends_its_input_has_said_all_of_it()
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        await using Peer reader = hub.Python();
        await reader.TypeAsync("Reader");
        await reader.SaysAsync("Only you are here.");
        await using Peer script = hub.Netcat();
        await script.WriteAsync("Script\nfirst\nlast without an end");
        script.EndInput();

        Assert.Equal("first", await reader.LineAfterAsync("Script: "));
        Assert.Equal("last without an end", await reader.LineAfterAsync("Script: "));
        Assert.Equal(0, await script.EndAsync());
    }

    [Fact]
    public async Task A_password_typed_into_telnet_on_a_terminal_is_not_shown()
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        if (!File.Exists("/usr/bin/telnet"))
            Assert.Skip("telnet is not installed.");
        await using Peer telnet = HubOnThisMachine.Start("telnet_password.py", [.. hub.HostAndPort, "Tom", "correct horse"]);

        Assert.Equal(0, await telnet.EndAsync());
        Assert.Contains("/who", telnet.Output, StringComparison.Ordinal);
        Assert.Contains("Good-bye.", telnet.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", telnet.Output, StringComparison.Ordinal);

        await using Peer again = hub.PythonOnUnixSocket();
        await again.TypeAsync("Tom\ncorrect horse");
        await again.SaysAsync("Welcome back, Tom.");
    }

    [Theory]
    [InlineData("GET", "200 OK")]
    [InlineData("POST", "405 Method Not Allowed")]
    public async Task Curl_is_told_where_the_page_is(string method, string status)
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        string url = $"http://{string.Join(':', hub.HostAndPort)}/chat";
        await using Peer curl = Programs.Curl([.. new[] { "--silent", "--show-error", "--include", url }, .. method == "POST" ? ["--data", "name=Mallory"] : Array.Empty<string>()]);

        Assert.Equal(0, await curl.EndAsync());
        Assert.StartsWith($"HTTP/1.1 {status}", curl.Output, StringComparison.Ordinal);
        Assert.Contains("plain-text door", curl.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_comes_in_over_TLS()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        string file = _folder.PathOf("hub.pem");
        string key = _folder.PathOf("hub.key");
        await File.WriteAllTextAsync(file, certificate.ExportPem());
        await File.WriteAllTextAsync(key, certificate.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(
            _folder, new HubOptions { Text = "tls://127.0.0.1:0", TlsCertificate = file, TlsKey = key });
        await using Peer unix = hub.PythonOnUnixSocket();
        await unix.TypeAsync("Jack");
        await unix.SaysAsync("Only you are here.");

        await using Peer openssl = Programs.OpenSsl(
            "s_client", "-quiet", "-verify_return_error", "-CAfile", file, "-connect", string.Join(':', hub.HostAndPort));
        await openssl.SaysAsync("What is your name?");
        await openssl.TypeAsync("Tom");
        await openssl.SaysAsync("2 people are here: Jack and you.");
        await openssl.TypeAsync("你好 over TLS");
        await unix.SaysAsync("Tom: 你好 over TLS");
        await unix.TypeAsync("and back");
        await openssl.SaysAsync("Jack: and back");
        await hub.StopAsync();
        await openssl.SaysAsync("* The hub is closing. Good-bye.");
    }

    [Fact]
    public async Task A_door_with_TLS_and_no_certificate_says_what_it_needs()
    {
        ArgumentException e = await Assert.ThrowsAnyAsync<ArgumentException>(() => HubOnThisMachine.StartAsync(_folder, new HubOptions { Text = "tls://127.0.0.1:0" }));
        Assert.Contains("needs a certificate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_hub_stops_everybody_is_told_though_one_reads_nothing()
    {
        await using HubOnThisMachine hub = await HubOnThisMachine.StartAsync(_folder);
        await using Connection stuck = await Network.Host.ConnectAsync(hub.Text, new ConnectorOptions { ReceiveBufferSize = 4096 });
        await stuck.WriteLineAsync("Stuck");
        await using Peer netcat = hub.Netcat();
        await netcat.TypeAsync("Tom");
        await netcat.SaysAsync("You are in #lobby.");
        await using Peer unix = hub.PythonOnUnixSocket();
        await unix.TypeAsync("Jack");
        await unix.SaysAsync("You are in #lobby.");
        string padding = new('x', 3900);
        for (int i = 0; i < 150; i++)
            await netcat.TypeAsync($"{i} {padding}");
        await unix.SaysAsync("Tom: 149 ");

        await hub.StopAsync();
        await netcat.SaysAsync("* The hub is closing. Good-bye.");
        await unix.SaysAsync("* The hub is closing. Good-bye.");
        await unix.SaysAsync("-- the hub has closed");
    }
}
