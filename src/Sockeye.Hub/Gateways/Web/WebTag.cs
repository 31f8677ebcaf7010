namespace Sockeye.Hub.Gateways.Web;

/// <summary>What a page's question for history comes back with.</summary>
/// <param name="Text">The page's own tag.</param>
internal sealed record WebTag(string? Text);
