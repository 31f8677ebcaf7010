using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Echoes;

/// <summary>A network whose only socket is a raw one that hears what the test says.</summary>
internal sealed class ScriptedNetwork(TimeProvider time) : Network
{
    public ScriptedSocket? Socket { get; private set; }

    /// <summary>What making a socket of a type ends with.</summary>
    public Dictionary<SocketType, SocketError> Refusals { get; } = new() { [SocketType.Dgram] = SocketError.AccessDenied };

    public override TimeProvider TimeProvider => time;

    public override string HostName => "scripted";

    public override ValueTask<IPAddress[]> ResolveAsync(string host, AddressFamily family = AddressFamily.Unspecified, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    protected override NetworkSocket CreateSocketCore(AddressFamily family, SocketType type, ProtocolType protocol) =>
        Refusals.TryGetValue(type, out SocketError refusal) ? throw new SocketException((int)refusal) : Socket = new ScriptedSocket(this, family, type, protocol);

    protected override (NetworkSocket First, NetworkSocket Second) CreatePairCore(SocketType type) => throw new NotSupportedException();
}
