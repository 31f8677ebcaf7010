namespace Sockeye.Tests.Conformance;

/// <summary>How two stream sockets come to be connected.</summary>
public enum StreamKind
{
    Tcp4,
    Tcp6,
    Unix,
    Abstract,
    Pair,
}
