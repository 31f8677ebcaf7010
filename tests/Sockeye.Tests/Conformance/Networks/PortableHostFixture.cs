namespace Sockeye.Tests.Conformance;

/// <summary>The operating system's network through System.Net.Sockets alone, as on Windows and macOS.</summary>
public sealed class PortableHostFixture() : HostFixture(portable: true)
{
    public override Feature Features => base.Features & ~(Feature.Seqpacket | Feature.Descriptors | Feature.PeerCredentials
        | Feature.TcpInfo | Feature.ReusePort | Feature.HangUps | Feature.AutomaticNames);
}
