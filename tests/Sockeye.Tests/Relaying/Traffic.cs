using System.Net;

namespace Sockeye.Tests.Relaying;

/// <summary>Tells when what sockets have moved is what a test waits for.</summary>
internal sealed class Traffic : SocketObserver
{
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];

    /// <summary>Waits until bytes have moved that make <paramref name="condition"/> true, if it is not already.</summary>
    public Task UntilAsync(Func<bool> condition)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _waiting.Add((condition, met));
        Look();
        return met.Task;
    }

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Look();

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Look();

    private void Look()
    {
        lock (_lock)
        {
            foreach ((Func<bool> condition, TaskCompletionSource met) in _waiting)
            {
                if (condition())
                    met.TrySetResult();
            }
        }
    }
}
