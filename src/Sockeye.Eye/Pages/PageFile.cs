namespace Sockeye.Eye.Pages;

/// <summary>A file of a page.</summary>
/// <param name="Bytes">What is in it.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="EntityTag">Changes when it does (RFC 9110, 8.8.3).</param>
internal sealed record PageFile(byte[] Bytes, string ContentType, string EntityTag);
