using System.Net;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Observing;

/// <summary>Combined in front of another observer it keeps that one from hearing of a send, or of a shutdown, that the network has done already.</summary>
internal sealed class HeldSends : SocketObserver, IDisposable
{
    private readonly SemaphoreSlim _held = new(0);
    private readonly SemaphoreSlim _free = new(0);

    /// <summary>Waits until the network has done what is told of.</summary>
    public Task HeldAsync() => _held.WaitAsync(TestContext.Current.CancellationToken).Within();

    /// <summary>Lets it be told of.</summary>
    public void Release() => _free.Release();

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Hold();

    public override void HalfClosed(NetworkSocket socket, bool byPeer)
    {
        if (!byPeer)
            Hold();
    }

    public void Dispose()
    {
        _held.Dispose();
        _free.Dispose();
    }

    private void Hold()
    {
        _held.Release();
        if (!_free.Wait(Hang.Limit))
            throw new InvalidOperationException("Nobody lets it go on.");
    }
}
