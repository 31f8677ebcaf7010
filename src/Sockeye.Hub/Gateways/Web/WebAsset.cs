namespace Sockeye.Hub.Gateways.Web;

/// <summary>A file of the page.</summary>
/// <param name="Bytes">What is in it.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="EntityTag">Changes when it does (RFC 9110, 8.8.3).</param>
internal sealed record WebAsset(byte[] Bytes, string ContentType, string EntityTag);
