using System.Buffers.Text;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Sockeye.Eye.Pages;
using Sockeye.Eye.Serving;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What the page's door answers: the page's files, and the WebSocket that the page talks over.</summary>
internal sealed class WebRequests(WebDoor door)
{
    private const string Wires = "/api/wires/";
    private const string CookieName = "sockeye";
    private const int CookieBytes = 32;
    private const int CookieCharactersMax = 128;

    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(365);

    private static readonly PageFiles Files = new(typeof(WebRequests).Assembly);

    /// <summary>Answers one request.</summary>
    public Task AnswerAsync(HttpContext http, CancellationToken stop)
    {
        PageAnswers.SetHeaders(http.Response.Headers);
        if (!IsOurHost(http.Request.Host.Host))
            return PageAnswers.SayAsync(http, StatusCodes.Status421MisdirectedRequest, $"This hub is not {http.Request.Host.Host}. Open it by an IP address, localhost, or a name that --web gives it.");
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            http.Response.Headers.Connection = "close";
            return PageAnswers.SayAsync(http, StatusCodes.Status405MethodNotAllowed, "There is nothing here to send to.");
        }

        if (HasBody(http.Request))
        {
            http.Response.Headers.Connection = "close";
            return PageAnswers.SayAsync(http, StatusCodes.Status413PayloadTooLarge, "A request has no body here.");
        }

        if (http.Request.Path == "/ws")
            return TalkAsync(http, stop);
        if (http.Request.Path.Value is { } path && path.StartsWith(Wires, StringComparison.Ordinal))
            return AskAsync(http, path[Wires.Length..].Split('/'));

        if (Files.Find(http.Request.Path.Value ?? "/") is { } file)
        {
            EnsureCookie(http);
            return PageAnswers.SendAsync(http, file);
        }

        return PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is no such page: the chat is at /");
    }

    /// <summary>Whether a body follows (RFC 9112, 6.3). In a GET it means nothing (RFC 9110, 9.3.1), and would have to be read before the next request.</summary>
    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private bool IsOurHost(string host) =>
        PageOrigins.IsThisMachine(host)
        || host.Equals(door.Context.Network.HostName, StringComparison.OrdinalIgnoreCase)
        || host.Equals(door.Context.Network.HostName + ".local", StringComparison.OrdinalIgnoreCase)
        || host.Equals(door.Host, StringComparison.OrdinalIgnoreCase);

    private async Task TalkAsync(HttpContext http, CancellationToken stop)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await PageAnswers.SayAsync(http, StatusCodes.Status426UpgradeRequired, "This is a WebSocket (RFC 6455).").ConfigureAwait(false);
            return;
        }

        if (!PageOrigins.IsOwn(http.Request))
        {
            await PageAnswers.SayAsync(http, StatusCodes.Status403Forbidden, "Only this hub's own page may talk to it.").ConfigureAwait(false);
            return;
        }

        IPEndPoint remote = new(http.Connection.RemoteIpAddress ?? IPAddress.None, http.Connection.RemotePort);
        if (!door.Pages.TryEnter(remote, out string? refusal))
        {
            await PageAnswers.SayAsync(http, StatusCodes.Status503ServiceUnavailable, refusal).ConfigureAwait(false);
            return;
        }

        try
        {
            string origin = OriginOf(EnsureCookie(http));

            // A page that reads slowly has a bounded queue and its pings: it is no attack on a download.
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            using WebClient client = new(door, socket, new WebPeer(origin, remote, http.Features.Get<Connection>()?.Socket));
            await client.RunAsync(stop, http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            door.Pages.Leave(remote);
        }
    }

    /// <summary>What a page was shown on the wire: for the browser that watches, by the key that its page was told.</summary>
    private Task AskAsync(HttpContext http, string[] parts)
    {
        if (!http.Request.Cookies.TryGetValue(CookieName, out string? cookie) || door.Records.Find(parts[0], OriginOf(cookie)) is not { } record)
            return TalkAnswers.GoneAsync(http);
        return record.TryAsk()
            ? TalkAnswers.AnswerAsync(http, record, parts[1..])
            : PageAnswers.SayAsync(http, StatusCodes.Status429TooManyRequests, "Too much is asked at once. Try again in a moment.");
    }

    /// <summary>What tells one browser from another: a secret of ours, which scripts cannot read and other sites' requests do not carry.</summary>
    private static string EnsureCookie(HttpContext http)
    {
        if (http.Request.Cookies.TryGetValue(CookieName, out string? known) && known.Length is >= CookieBytes and <= CookieCharactersMax)
            return known;
        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CookieBytes));
        http.Response.Cookies.Append(CookieName, made, new CookieOptions
        {
            HttpOnly = true,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = CookieLifetime,
            Path = "/",
        });
        return made;
    }

    /// <summary>What is kept of a cookie: whoever reads the store cannot pass for a browser.</summary>
    private static string OriginOf(string cookie) => "web:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(cookie)));
}
