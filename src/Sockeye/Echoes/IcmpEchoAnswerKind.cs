namespace Sockeye;

/// <summary>What came back for an echo request.</summary>
public enum IcmpEchoAnswerKind
{
    /// <summary>The echo.</summary>
    Reply,

    /// <summary>The echo, once more.</summary>
    Duplicate,

    /// <summary>An ICMP error: a router or the host says why there is no echo.</summary>
    Error,
}
