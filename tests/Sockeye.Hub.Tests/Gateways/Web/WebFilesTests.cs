using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>The page's files, and what every answer says.</summary>
public class WebFilesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("HEAD", "/", 200)]
    [InlineData("GET", "/app.js", 200)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "/../../etc/passwd", 404)]
    [InlineData("GET", "/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("POST", "/", 405)]
    [InlineData("GET", "/ws", 426)]
    public async Task Every_answer_forbids_scripts_and_frames_from_elsewhere(string method, string path, int status)
    {
        await using WebHub hub = await WebHub.StartAsync();

        string answer = await RawHttp.AskAsync(hub.Page, $"{method} {path} HTTP/1.1\r\nHost: {hub.Page.Authority}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        string policy = RawHttp.Header(answer, "Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("style-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("http", policy);
        Assert.Equal("nosniff", RawHttp.Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", RawHttp.Header(answer, "Referrer-Policy"));
    }

    [Fact]
    public async Task A_browser_is_known_by_a_cookie_that_no_script_and_no_other_site_has()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using HttpClient client = Client();

        using HttpResponseMessage first = await client.GetAsync(hub.Page, Cancelled);
        string cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        using HttpRequestMessage again = new(HttpMethod.Get, hub.Page) { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using HttpResponseMessage second = await client.SendAsync(again, Cancelled);

        Assert.Matches("^sockeye=[A-Za-z0-9_-]{43};", cookie);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task What_the_browser_has_already_is_not_sent_again()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using HttpClient client = Client();
        using HttpResponseMessage first = await client.GetAsync(new Uri(hub.Page, "/style.css"), Cancelled);
        EntityTagHeaderValue tag = first.Headers.ETag!;

        using HttpResponseMessage same = await client.SendAsync(Request(hub, $"\"other\", W/{tag}"), Cancelled);
        using HttpResponseMessage any = await client.SendAsync(Request(hub, "*"), Cancelled);
        using HttpResponseMessage other = await client.SendAsync(Request(hub, "\"other\""), Cancelled);

        Assert.Equal((HttpStatusCode.NotModified, tag), (same.StatusCode, same.Headers.ETag));
        Assert.Empty(await same.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal("text/css", other.Content.Headers.ContentType!.MediaType);
        Assert.True(first.Headers.CacheControl!.NoCache);
    }

    [Fact]
    public async Task HEAD_says_how_long_a_file_is_and_sends_none_of_it()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using HttpClient client = Client();
        byte[] whole = await client.GetByteArrayAsync(new Uri(hub.Page, "/app.js"), Cancelled);

        string answer = await RawHttp.AskAsync(hub.Page, $"HEAD /app.js HTTP/1.1\r\nHost: {hub.Page.Authority}\r\nConnection: close\r\n\r\n");

        Assert.Equal($"{whole.Length}", RawHttp.Header(answer, "Content-Length"));
        Assert.EndsWith("\r\n\r\n", answer);
    }

    [Fact]
    public async Task The_page_itself_has_no_inline_script_and_no_inline_style()
    {
        await using WebHub hub = await WebHub.StartAsync();
        using HttpClient client = Client();

        string page = await client.GetStringAsync(hub.Page, Cancelled);

        Assert.Contains("<script type=\"module\" src=\"/app.js\"></script>", page);
        Assert.DoesNotMatch("<script(?![^>]*src=)", page);
        Assert.DoesNotMatch("<style|style=\"| on[a-z]+=\"|https?://", page);
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:80", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost:1", 200)]
    [InlineData("[::1]:1", 200)]
    public async Task A_name_that_somebody_else_gives_out_for_this_address_is_refused(string host, int status)
    {
        await using WebHub hub = await WebHub.StartAsync();

        string answer = await RawHttp.AskAsync(hub.Page, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Equal(status == 200, answer.Contains("Set-Cookie", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET /{0} HTTP/1.1\r\nHost: localhost\r\n\r\n", 5_000, 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: {0}\r\n\r\n", 20_000, 431)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n", 0, 405)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0, 405)]
    [InlineData("POST /ws HTTP/1.1\r\nHost: localhost\r\n\r\n", 0, 405)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 0, 413)]
    [InlineData("GET /ws HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n", 0, 413)]
    [InlineData("HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 413)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 0, 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 0, 400)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 0, 421)]
    [InlineData("hello\r\n\r\n", 0, 400)]
    public async Task Requests_that_are_too_long_or_none_are_refused_and_the_connection_ends(string request, int length, int status)
    {
        await using WebHub hub = await WebHub.StartAsync();

        string answer = await RawHttp.AskAsync(hub.Page, request.Replace("{0}", new string('x', length), StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
    }

    [Fact]
    public async Task A_request_that_does_not_come_to_its_end_is_not_waited_for()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { HeaderTimeout = TimeSpan.FromSeconds(1) } } };
        await using WebHub hub = await WebHub.StartAsync(options);

        string answer = await RawHttp.AskAsync(hub.Page, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");

        Assert.StartsWith("HTTP/1.1 408 ", answer);
    }

    [Fact]
    public async Task A_connection_that_rests_too_long_between_two_requests_is_closed()
    {
        HubOptions options = WebHub.Options with { Limits = new() { Web = new() { RestTimeout = TimeSpan.FromSeconds(1) } } };
        await using WebHub hub = await WebHub.StartAsync(options);
        using TcpClient client = await RawHttp.ConnectAsync(hub.Page);
        await RawHttp.AskAsync(client, "GET /shared/icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n", until: "</svg>");

        int length = await client.GetStream().ReadAsync(new byte[1], Cancelled).AsTask().WaitAsync(Hang.Limit, Cancelled);

        Assert.Equal(0, length);
    }

    [Fact]
    public async Task Connections_of_one_address_are_limited_before_anything_is_read_from_them()
    {
        HubOptions options = WebHub.Options with { LimitsLoopback = true, WebConnectionsPerAddressMax = 1, Limits = new() { Web = new() { ConnectionsPerPage = 2 } } };
        await using WebHub hub = await WebHub.StartAsync(options);
        using HttpClient client = Client();
        using TcpClient first = await RawHttp.ConnectAsync(hub.Page);
        using TcpClient second = await RawHttp.ConnectAsync(hub.Page);

        // Each is counted when it has been answered.
        await RawHttp.AskAsync(first, "GET /shared/icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n", until: "</svg>");
        await RawHttp.AskAsync(second, "GET /shared/icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n", until: "</svg>");
        string refused = await RawHttp.AskAsync(hub.Page, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal("", refused);
    }

    private static HttpRequestMessage Request(WebHub hub, string ifNoneMatch)
    {
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(hub.Page, "/style.css"));
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return request;
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
}
