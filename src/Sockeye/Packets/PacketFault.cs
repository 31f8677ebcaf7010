namespace Sockeye;

/// <summary>Why bytes are no packet: what a <c>TryParse</c> of a header says instead of throwing.</summary>
public enum PacketFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>There are fewer bytes than the header has, or says that it has.</summary>
    TooShort,

    /// <summary>The version is not that of the header.</summary>
    WrongVersion,

    /// <summary>The header's own length is below its minimum: an IHL or data offset below 5.</summary>
    BadHeaderLength,

    /// <summary>The length of the whole disagrees with the bytes there are.</summary>
    BadLength,

    /// <summary>An option is shorter than its own two bytes, or runs over the end of the header.</summary>
    BadOption,

    /// <summary>More IPv6 extension headers than <see cref="IPv6View.ExtensionHeadersMax"/>.</summary>
    TooManyExtensionHeaders,
}
