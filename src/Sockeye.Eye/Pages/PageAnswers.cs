using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sockeye.Eye.Pages;

/// <summary>How a page's address answers: the headers of every answer, files, and refusals.</summary>
internal static class PageAnswers
{
    /// <summary>No script but the page's own files, no frame, nothing from elsewhere (CSP 3).</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets what every answer says.</summary>
    public static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    /// <summary>Answers with a sentence.</summary>
    public static async Task SayAsync(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(why + "\n", Encoding.UTF8, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with a file, unless the browser has it already.</summary>
    public static Task SendAsync(HttpContext http, PageFile file)
    {
        http.Response.Headers.ETag = file.EntityTag;
        if (!IsNamed(http.Request.Headers.IfNoneMatch, file.EntityTag))
            return SendAsync(http, file.Bytes, file.ContentType);
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>Answers with bytes, or to HEAD with how many there are.</summary>
    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> bytes, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
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
}
