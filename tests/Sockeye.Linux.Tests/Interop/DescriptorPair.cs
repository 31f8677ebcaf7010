using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye.Linux.Tests.Interop;

/// <summary>Two bare stream sockets, connected: what is received by the first.</summary>
internal sealed class DescriptorPair : IDisposable
{
    public const byte Sent = 42;

    private readonly Descriptor _second;

    public DescriptorPair()
    {
        Assert.Equal(SocketError.Success, LibC.Pair(SocketType.Stream, out Descriptor? first, out Descriptor? second));
        (First, _second) = (first!, second!);
    }

    public Descriptor First { get; }

    public void Send() => Assert.Equal(SocketError.Success, LibC.Send(_second, [Sent], SocketFlags.None, out _));

    /// <summary>Nothing more comes.</summary>
    public void End() => _second.Dispose();

    public void Dispose()
    {
        First.Dispose();
        _second.Dispose();
    }
}
