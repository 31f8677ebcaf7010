using System.Net;
using System.Net.Sockets;

namespace Sockeye;

// What every single try has in common: closing it away, counting, telling.
public abstract partial class NetworkSocket
{
    /// <summary>One try at the network: a member that ends in <c>Core</c>.</summary>
    private delegate SocketError CoreTry<TData, TArgument, TResult>(NetworkSocket socket, TData data, TArgument argument, out TResult result)
        where TData : allows ref struct;

    /// <summary>Tries once. A socket that another thread closes in the middle says so by the result.</summary>
    private SocketError Once<TData, TArgument, TResult>(CoreTry<TData, TArgument, TResult> attempt, TData data, TArgument argument, out TResult result)
        where TData : allows ref struct
        where TResult : struct
    {
        try
        {
            return attempt(this, data, argument, out result);
        }
        catch (ObjectDisposedException)
        {
            result = default;
            return SocketError.OperationAborted;
        }
    }

    /// <summary>Counts and tells what a try has sent, and says how it ended.</summary>
    private SocketError Sent(in ReservedPlace place, SocketError error, int count, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        error = UnlessClosed(error, count);
        Interlocked.Add(ref _bytesSent, count);
        if ((place.Observer ?? _observer) is not { } observer)
            return error;
        if (error == SocketError.Success)
            observer.SentAt(this, data, remote, place.Place);
        else
            ObserveError(observer, error);
        return error;
    }

    /// <summary>Keeps the place of what a call may tell when it has returned. Whoever was there when it began is told, and gets the place back.</summary>
    private ReservedPlace ReservePlace() => _observer is { } observer ? new ReservedPlace(observer, observer.Reserve(this)) : default;

    /// <summary>Counts and tells what a try has received, and says how it ended.</summary>
    private SocketError Received(SocketError error, int count, SocketFlags flags, ReadOnlySpan<byte> data, SocketAddress? remote, bool mayEnd)
    {
        error = UnlessClosed(error, count);
        if (error == SocketError.Success && (flags & SocketFlags.Peek) == 0)
            _bytesReceived += count;
        if (_observer is { } observer)
            ObserveReceive(observer, error, flags, data, remote, mayEnd);
        return error;
    }

    private void ObserveReceive(
        SocketObserver observer, SocketError error, SocketFlags flags, ReadOnlySpan<byte> data, SocketAddress? remote, bool mayEnd)
    {
        if (error != SocketError.Success)
        {
            ObserveError(observer, error);
        }
        else if ((flags & SocketFlags.Peek) != 0)
        {
            // Nothing was taken.
        }
        else if (data.Length == 0 && mayEnd && IsInputAtEnd())
        {
            if (!_inputEnded)
                observer.HalfClosed(this, byPeer: true);
            _inputEnded = true;
        }
        else
        {
            observer.Received(this, data, remote);
        }
    }

    private void ObserveError(SocketObserver observer, SocketError error)
    {
        switch (error)
        {
            case SocketError.WouldBlock or SocketError.InProgress:
            case SocketError.OperationAborted when IsClosed:
                // Not ready is no failure, and who closed knows it.
                return;

            case SocketError.ConnectionReset when !IsListening:
                // Told once. After it the kernel reports an end of stream, which is none.
                if (!_reset)
                    observer.Reset(this);
                _reset = _inputEnded = true;
                return;

            default:
                observer.Error(this, error);
                return;
        }
    }

    /// <summary>
    /// Closing wakes who waits in the kernel, by a shutdown where there is no other way: what the woken call then finds, an end of stream or
    /// an error, is the closing and not the peer's.
    /// </summary>
    private SocketError UnlessClosed(SocketError error, int count) =>
        (error != SocketError.Success || count == 0) && IsClosed ? SocketError.OperationAborted : error;

    /// <summary>The place among an observer's events of a call that is under way.</summary>
    private readonly struct ReservedPlace(SocketObserver observer, object? place) : IDisposable
    {
        public SocketObserver? Observer => observer;

        public object? Place => place;

        public void Dispose()
        {
            if (place is not null)
                observer.GiveBack(place);
        }
    }
}
