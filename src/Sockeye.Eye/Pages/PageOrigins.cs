using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sockeye.Eye.Pages;

/// <summary>Whether a browser asks for a page itself, or another site's page has it ask.</summary>
internal static class PageOrigins
{
    /// <summary>
    /// Whether a host is this machine by itself: an IP address, or a name that is nobody's to give out. A name that somebody else gives out for our address
    /// (DNS rebinding) would make a foreign page pass for ours; addresses cannot be given out so.
    /// </summary>
    public static bool IsThisMachine(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request comes from the page at the address that it is sent to, by its <c>Origin</c> (Fetch, "Origin header").</summary>
    public static bool IsOwn(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out Uri? origin)
        && origin.Scheme == request.Scheme
        && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
