using Microsoft.AspNetCore.Hosting;

namespace Sockeye.Bench;

/// <summary>The transports Kestrel is raced on: its own, and Sockeye's on a network. Behind each, <c>-inline</c> runs the application where calls complete, without the pool.</summary>
internal static class KestrelTransports
{
    private const string Own = "own";
    private const string Inline = "-inline";

    /// <exception cref="PlatformNotSupportedException">The network cannot be had here: the message says why.</exception>
    public static void Use(IWebHostBuilder web, string name)
    {
        bool isInline = name.EndsWith(Inline, StringComparison.Ordinal);
        string network = isInline ? name[..^Inline.Length] : name;
        if (network == Own)
            web.UseSockets(options => options.UnsafePreferInlineScheduling = isInline);
        else
            web.UseSockeye(EchoNetworks.Open(network), options => options.RunsInline = isInline);
    }
}
