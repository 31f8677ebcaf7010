using System.Globalization;

namespace Sockeye;

/// <summary>A fault that has come to pass, as <see cref="SocketObserver.Faulted"/> tells of it.</summary>
/// <param name="Kind">What it did.</param>
public sealed record SocketFault(FaultKind Kind)
{
    /// <summary>In which direction; of a reset of one side alone, towards it. Null where it is about the connection.</summary>
    public FaultDirection? Direction { get; init; }

    /// <summary>The bytes of the datagram or piece; of a cut, how many of its direction there were.</summary>
    public long Bytes { get; init; }

    /// <summary>In words: <c>cut by a fault after 4,096 bytes</c>.</summary>
    public override string ToString() => Kind switch
    {
        FaultKind.Refused => "refused by a fault",
        FaultKind.Cut => $"cut by a fault after {Count}",
        FaultKind.HalfOpened => "half-open by a fault: nothing passes from here on",
        FaultKind.Reset => $"reset by a fault{(Direction is { } direction ? $", the {(direction == FaultDirection.Up ? "server" : "client")} alone" : "")}",
        FaultKind.Dropped => $"{Count} dropped by a fault",
        FaultKind.Overflowed => $"{Count} dropped by a fault: too many waited",
        FaultKind.Duplicated => $"{Count} sent twice by a fault",
        FaultKind.Reordered => $"{Count} held back by a fault",
        FaultKind.Corrupted => $"{Count} corrupted by a fault: one bit",
        _ => $"{Kind.ToString().ToLowerInvariant()} by a fault",
    };

    private string Count => Bytes == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{Bytes:#,0} bytes");
}
