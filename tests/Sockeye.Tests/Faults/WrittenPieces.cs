using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Faults;

/// <summary>What is written to a socket, write by write, and when; and how that direction ended.</summary>
internal sealed class WrittenPieces(ManualTimeProvider clock) : SocketObserver
{
    public const string Fin = "FIN";
    public const string Rst = "RST";

    private readonly Lock _lock = new();
    private readonly List<(double Milliseconds, string Text)> _written = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];

    /// <summary>The writes so far, and the ends.</summary>
    public (double Milliseconds, string Text)[] All
    {
        get
        {
            lock (_lock)
                return [.. _written];
        }
    }

    /// <summary>Ends when there have been so many writes and ends.</summary>
    public Task CountIsAsync(int count) => UntilAsync(() => _written.Count >= count);

    /// <summary>Ends when that direction has.</summary>
    public Task HasEndedAsync() => UntilAsync(() => _written.Any(piece => piece.Text is Fin or Rst));

    /// <summary>Ends when so many bytes were written.</summary>
    public Task LengthIsAsync(int length) => UntilAsync(() => _written.Sum(piece => piece.Text.Length) >= length);

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Add(Encoding.Latin1.GetString(data));

    public override void HalfClosed(NetworkSocket socket, bool byPeer)
    {
        if (!byPeer)
            Add(Fin);
    }

    public override void Closed(NetworkSocket socket, bool aborted)
    {
        if (aborted)
            Add(Rst);
    }

    private Task UntilAsync(Func<bool> condition)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((condition, met));
            Look();
        }

        return met.Task;
    }

    private void Add(string text)
    {
        lock (_lock)
        {
            _written.Add((clock.Now.TotalMilliseconds, text));
            Look();
        }
    }

    private void Look()
    {
        foreach ((Func<bool> condition, TaskCompletionSource met) in _waiting)
        {
            if (condition())
                met.TrySetResult();
        }
    }
}
