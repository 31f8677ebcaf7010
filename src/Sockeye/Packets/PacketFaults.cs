namespace Sockeye;

/// <summary>The one place where a <see cref="PacketFault"/> becomes a sentence.</summary>
internal static class PacketFaults
{
    public static ProtocolException ToException(this PacketFault fault, string header, int length) =>
        new($"This is no {header} header: {Explain(fault)} ({length} bytes were given).");

    private static string Explain(PacketFault fault) => fault switch
    {
        PacketFault.TooShort => "there are fewer bytes than it has",
        PacketFault.WrongVersion => "it has another version",
        PacketFault.BadHeaderLength => "the length it gives for itself is below the least",
        PacketFault.BadLength => "the length it gives for the packet does not fit the bytes that are there",
        PacketFault.BadOption => "one of its options runs over its end",
        PacketFault.TooManyExtensionHeaders => $"more than {IPv6View.ExtensionHeadersMax} extension headers follow it",
        _ => fault.ToString(),
    };
}
