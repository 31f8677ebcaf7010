using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Pages;

namespace Sockeye.Eye.Serving;

/// <summary>Who may look: on loopback whoever is on this machine, elsewhere whoever has the token, and never another site's page in a visitor's browser.</summary>
internal sealed class EyeGuard(EyeAddress address, EyeToken? token)
{
    private const string TokenParameter = "token";

    /// <summary>Cookies are a host's, of all its ports: two pages on one machine must not take each other's.</summary>
    private static string CookieName(HttpContext http) => $"sockeye-eye-{http.Connection.LocalPort}";

    /// <summary>Why the request is refused; null: it is not. <paramref name="isWebSocket"/>: browsers send these from any page, and say from which.</summary>
    public (int Status, string Why)? Refuse(HttpContext http, bool isWebSocket)
    {
        HttpRequest request = http.Request;
        if (!IsOurHost(request.Host.Host))
            return (StatusCodes.Status421MisdirectedRequest, $"This page is not at {request.Host.Host}. Open it by an IP address or localhost.");
        if (!IsOurOrigin(request, isWebSocket))
            return (StatusCodes.Status403Forbidden, "Only this page itself may ask for that.");
        return token is null || IsKnown(http) ? null : (StatusCodes.Status401Unauthorized, "Open the link that was printed where this page was started: it has a token in it.");
    }

    /// <summary>Takes the token of the link into a cookie, and out of the address line; false: there is none, or it is wrong.</summary>
    public bool Admit(HttpContext http)
    {
        if (token is null || !HttpMethods.IsGet(http.Request.Method) || http.Request.Path != "/" || !IsOurHost(http.Request.Host.Host)
            || !http.Request.Query.TryGetValue(TokenParameter, out Microsoft.Extensions.Primitives.StringValues said) || !token.Is(said.ToString()))
        {
            return false;
        }

        http.Response.Cookies.Append(CookieName(http), token.Text, new CookieOptions { HttpOnly = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict, Path = "/" });
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = "/";
        return true;
    }

    private bool IsKnown(HttpContext http)
    {
        const string Bearer = "Bearer ";
        string authorization = http.Request.Headers.Authorization.ToString();
        return token!.Is(http.Request.Cookies[CookieName(http)])
            || (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && token.Is(authorization[Bearer.Length..]));
    }

    private bool IsOurHost(string host) =>
        PageOrigins.IsThisMachine(host) || (!address.IsLoopback && host.Equals(Network.Host.HostName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Programs send no Origin; browsers do with whatever could do harm (Fetch, "Origin header").</summary>
    private static bool IsOurOrigin(HttpRequest request, bool isWebSocket)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && (isWebSocket || request.Path != "/"))
            return false;
        return request.Headers.Origin.Count == 0 || PageOrigins.IsOwn(request);
    }
}
