using System.Buffers.Text;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What the page's door answers: the page's files, and the WebSocket that the page talks over.</summary>
internal sealed class WebRequests(WebDoor door)
{
    private const string CookieName = "sockeye";
    private const int CookieBytes = 32;
    private const int CookieCharactersMax = 128;

    /// <summary>No script but the page's own files, no frame, nothing from elsewhere (CSP 3).</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan CookieLifetime = TimeSpan.FromDays(365);

    /// <summary>Answers one request.</summary>
    public Task AnswerAsync(HttpContext http, CancellationToken stop)
    {
        SetHeaders(http.Response.Headers);
        if (!IsOurHost(http.Request.Host.Host))
            return RefuseAsync(http, StatusCodes.Status421MisdirectedRequest, $"This hub is not {http.Request.Host.Host}. Open it by an IP address, localhost, or a name that --web gives it.");
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            http.Response.Headers.Connection = "close";
            return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "There is nothing here to send to.");
        }

        if (HasBody(http.Request))
        {
            http.Response.Headers.Connection = "close";
            return RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, "A request has no body here.");
        }

        if (http.Request.Path == "/ws")
            return TalkAsync(http, stop);

        return WebAssets.Find(http.Request.Path.Value ?? "/") is { } asset
            ? SendAsync(http, asset)
            : RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such page: the chat is at /");
    }

    /// <summary>Whether a body follows (RFC 9112, 6.3). In a GET it means nothing (RFC 9110, 9.3.1), and would have to be read before the next request.</summary>
    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    private static async Task SendAsync(HttpContext http, WebAsset asset)
    {
        EnsureCookie(http);
        http.Response.Headers.ETag = asset.EntityTag;
        if (IsNamed(http.Request.Headers.IfNoneMatch, asset.EntityTag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = asset.ContentType;
        http.Response.ContentLength = asset.Bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(asset.Bytes, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Whether a list of entity tags has this one; weak ones count (RFC 9110, 13.1.2).</summary>
    private static bool IsNamed(StringValues list, string tag)
    {
        foreach (string? line in list)
        {
            foreach (string name in line?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            {
                if (name == "*" || name == tag || name == "W/" + tag)
                    return true;
            }
        }

        return false;
    }

    private static async Task RefuseAsync(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(why + "\n", Encoding.UTF8, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>
    /// A page elsewhere may have its visitor's browser ask for anything here: a name that somebody else gives out for our address (DNS rebinding) would make it pass
    /// for ours. Addresses cannot be given out so.
    /// </summary>
    private bool IsOurHost(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(door.Context.Network.HostName, StringComparison.OrdinalIgnoreCase)
        || host.Equals(door.Context.Network.HostName + ".local", StringComparison.OrdinalIgnoreCase)
        || host.Equals(door.Host, StringComparison.OrdinalIgnoreCase);

    private async Task TalkAsync(HttpContext http, CancellationToken stop)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "This is a WebSocket (RFC 6455).").ConfigureAwait(false);
            return;
        }

        if (!IsOurOrigin(http.Request))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "Only this hub's own page may talk to it.").ConfigureAwait(false);
            return;
        }

        IPEndPoint remote = new(http.Connection.RemoteIpAddress ?? IPAddress.None, http.Connection.RemotePort);
        if (!door.Pages.TryEnter(remote, out string? refusal))
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, refusal).ConfigureAwait(false);
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

    private static bool IsOurOrigin(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out Uri? origin)
        && origin.Scheme == request.Scheme
        && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

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
