using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Sockeye.Eye.Pages;

namespace Sockeye.Eye.Serving;

/// <summary>The browsers that look.</summary>
internal sealed class EyeViewers(EyePageOptions options)
{
    private int _count;

    public async Task ServeAsync(HttpContext http, CancellationToken stop)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await PageAnswers.SayAsync(http, StatusCodes.Status426UpgradeRequired, "This is a WebSocket (RFC 6455).").ConfigureAwait(false);
            return;
        }

        if (Interlocked.Increment(ref _count) > options.ViewersMax)
        {
            Interlocked.Decrement(ref _count);
            await PageAnswers.SayAsync(http, StatusCodes.Status503ServiceUnavailable, $"{options.ViewersMax} browsers are looking already. Close one.").ConfigureAwait(false);
            return;
        }

        try
        {
            // Who reads slowly is told less, and that is no attack on a download.
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            await new EyeViewer(options, socket).RunAsync(stop, http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
