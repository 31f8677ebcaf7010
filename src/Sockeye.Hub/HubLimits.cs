using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Gateways.Udp;
using Sockeye.Hub.Gateways.Web;

namespace Sockeye.Hub;

/// <summary>What people can make grow, and how far. Each has its least and its greatest value; docs/handbook/12-hub.md has the table.</summary>
public sealed record HubLimits
{
    /// <summary>Of the chat, whatever door somebody came in by.</summary>
    public ChatLimits Chat { get; init; } = new();

    /// <summary>Of the plain-text door.</summary>
    public TextLimits Text { get; init; } = new();

    /// <summary>Of the UDP door.</summary>
    public UdpLimits Udp { get; init; } = new();

    /// <summary>Of the page's door.</summary>
    public WebLimits Web { get; init; } = new();
}
