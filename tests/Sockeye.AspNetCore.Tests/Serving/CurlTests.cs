using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.AspNetCore.Tests.Serving;

/// <summary>curl as a client that nobody here wrote.</summary>
public abstract class CurlTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private const int Large = 5 * 1024 * 1024;

    private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

    [Theory]
    [InlineData(WebProtocol.Http1, "--http1.1", "1.1")]
    [InlineData(WebProtocol.Http2, "--http2-prior-knowledge", "2")]
    [InlineData(WebProtocol.Https1, "--http1.1", "1.1")]
    [InlineData(WebProtocol.Https2, "--http2", "2")]
    public async Task Curl_uploads_and_downloads(WebProtocol protocol, string option, string version)
    {
        await using TestServer server = await StartAsync(protocol);
        using TemporaryFile upload = new(), download = new();
        byte[] sent = Pattern(Large);
        await File.WriteAllBytesAsync(upload.Path, sent);

        await using Peer curl = Programs.Curl(
            option, "--insecure", "--noproxy", "*", "--silent", "--show-error", "--data-binary", "@" + upload.Path, "--output", download.Path, "--write-out", "%{http_version} %{response_code}", server.Address.ToString());

        Assert.Equal(0, await curl.EndAsync());
        Assert.Equal($"{version} 200", curl.Output);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await File.ReadAllBytesAsync(download.Path)));
    }

    [Fact]
    public async Task Curl_asks_again_and_again_on_one_connection_and_over_a_Unix_socket()
    {
        string path = Fixture.NewPath().ToString();
        await using TestServer server = await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync(http.Connection.Id + "\n"), kestrel: kestrel => kestrel.ListenUnixSocket(path));

        await using Peer curl = Programs.Curl("--silent", "--show-error", "--noproxy", "*", "--unix-socket", path, "http://any/[1-20]");

        Assert.Equal(0, await curl.EndAsync());
        string[] ids = curl.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, ids.Length);
        Assert.Single(ids.Distinct());
    }

    private Task<TestServer> StartAsync(WebProtocol protocol) => TestServer.StartAsync(
        Fixture,
        async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            await http.Response.Body.WriteAsync(body.ToArray());
        },
        listen =>
        {
            listen.Protocols = protocol is WebProtocol.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;
            if (protocol is WebProtocol.Https1 or WebProtocol.Https2)
                listen.UseHttps(Certificate.Certificate);
        });

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
