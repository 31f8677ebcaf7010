using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Sockeye;

/// <summary>
/// Keeps a connection to one address: whenever it ends, or cannot be made, it waits a little longer than the last time and connects again. One
/// handler after the other serves the connections.
/// </summary>
/// <remarks>A wait is a random time below a ceiling that doubles with every failure: exponential back-off with full jitter.</remarks>
public sealed class ReconnectingClient
{
    private const double MillisecondsMax = int.MaxValue;

    private readonly Network _network;
    private readonly Address _address;
    private readonly ReconnectingOptions _options;
    private int _isRunning;

    /// <summary>A client of <paramref name="address"/>.</summary>
    /// <param name="network">Where to connect; its clock times everything.</param>
    /// <param name="address">What to connect to. A name is resolved anew for every attempt.</param>
    /// <param name="options">Times, hooks and events.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is outside its bounds.</exception>
    public ReconnectingClient(Network network, Address address, ReconnectingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(address);
        (_network, _address, _options) = (network, address, options ?? ReconnectingOptions.Default);
        Check(_options.BackoffMin, TimeSpan.FromMilliseconds(1), _options.BackoffMax, nameof(ReconnectingOptions.BackoffMin));
        Check(_options.BackoffMax, _options.BackoffMin, TimeSpan.FromMilliseconds(MillisecondsMax), nameof(ReconnectingOptions.BackoffMax));
        Check(_options.GoodAfter, TimeSpan.Zero, TimeSpan.MaxValue, nameof(ReconnectingOptions.GoodAfter));
        if (_options.GiveUpAfter is { } giveUp)
            Check(giveUp, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(MillisecondsMax), nameof(ReconnectingOptions.GiveUpAfter));
    }

    /// <summary>
    /// Connects, and runs <paramref name="handler"/> on each connection, until <paramref name="stop"/> fires: then it returns as soon as the handler has.
    /// When the handler returns its connection is closed in order, when it throws, with a reset; either way the next is made.
    /// </summary>
    /// <param name="handler">Serves a connection. Its token is <paramref name="stop"/>.</param>
    /// <param name="stop">Ends waiting and connecting at once.</param>
    /// <exception cref="SocketTimeoutException">There was no good connection for <see cref="ReconnectingOptions.GiveUpAfter"/>; the message has the last failure's.</exception>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    /// <exception cref="Exception">An error that is final, of connecting, of a hook or of the handler: see <see cref="ReconnectingOptions.IsFinal"/>.</exception>
    public async Task RunAsync(Handler handler, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
            throw new InvalidOperationException("This client is running already: make another for a second connection.");
        try
        {
            Patience patience = new(_network.TimeProvider, _options);
            while (!stop.IsCancellationRequested)
            {
                Exception? failure = await RunOnceAsync(handler, patience, stop).ConfigureAwait(false);
                if (!stop.IsCancellationRequested)
                    await WaitAsync(patience, failure, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task WaitAsync(Patience patience, Exception? failure, CancellationToken stop)
    {
        if (patience.NextWait() is not { } wait)
            throw GivenUp(patience, failure);
        _options.OnWaiting?.Invoke(wait, patience.Failures, failure);
        await Task.Delay(wait, _network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One connection from its beginning to its end; what ended it, or null when it ended in order.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the connection is closed, and it is judged behind that.")]
    private async Task<Exception?> RunOnceAsync(Handler handler, Patience patience, CancellationToken stop)
    {
        Connection? connection = null;
        Exception? failure = null;
        long? upSince = null;
        try
        {
            connection = await ConnectAsync(patience, stop).ConfigureAwait(false);
            upSince = _network.TimeProvider.GetTimestamp();
            await handler(connection, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (upSince is { } since)
            patience.Lasted(_network.TimeProvider.GetElapsedTime(since));
        if (connection is not null)
            failure = await CloseAsync(connection, failure).ConfigureAwait(false);
        bool isAsked = stop.IsCancellationRequested && failure is OperationCanceledException;
        if (upSince is not null)
            _options.OnLost?.Invoke(isAsked ? null : failure);
        if (failure is not null && !isAsked && IsFinal(failure))
            ExceptionDispatchInfo.Throw(failure);
        return failure;
    }

    /// <summary>Connects, and runs the hook: a connection that nobody could subscribe on is none.</summary>
    private async Task<Connection> ConnectAsync(Patience patience, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(patience.Left ?? Timeout.InfiniteTimeSpan, _network.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        Connection? connection = null;
        try
        {
            connection = await _network.ConnectAsync(_address, _options.Connecting, either.Token).ConfigureAwait(false);
            if (_options.OnConnected is { } hook)
                await hook(connection, either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
                await CloseAsync(connection, e).ConfigureAwait(false);
            if (e is OperationCanceledException && limit.IsCancellationRequested && !stop.IsCancellationRequested)
                throw SocketErrors.TimedOut("connect to", _address.ToString(), _options.GiveUpAfter);
            throw;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is closed either way, and the first error is the one that tells.")]
    private static async Task<Exception?> CloseAsync(Connection connection, Exception? failure)
    {
        try
        {
            if (failure is not null)
                connection.Abort();
            await connection.DisposeAsync().ConfigureAwait(false);
            return failure;
        }
        catch (Exception e)
        {
            return failure ?? e;
        }
    }

    private bool IsFinal(Exception error) => _options.IsFinal is { } isFinal ? isFinal(error) : error switch
    {
        SocketException socket => socket.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported
            or SocketError.ProtocolNotSupported or SocketError.ProtocolType or SocketError.SocketNotSupported or SocketError.OperationNotSupported,
        IOException or ProtocolException or TimeoutException or OperationCanceledException => false,
        _ => true,
    };

    private SocketTimeoutException GivenUp(Patience patience, Exception? failure)
    {
        string attempts = patience.Failures == 1 ? "1 attempt" : $"{patience.Failures} attempts";
        string last = failure is null ? "the peer closed the connection" : failure.Message;
        return new SocketTimeoutException($"gave up on {_address} after {attempts}, with no good connection for {_options.GiveUpAfter:g}; the last time: {last}");
    }

    private static void Check(TimeSpan value, TimeSpan min, TimeSpan max, string name)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is from {min:g} to {max:g}.");
    }

    /// <summary>How long to wait, and when to give up: from the times of what went well.</summary>
    private sealed class Patience(TimeProvider time, ReconnectingOptions options)
    {
        // Each client must wait differently from all others, so this is the one seed that no test gives.
        private readonly Backoff _backoff = new(
            options.BackoffMin, options.BackoffMax, options.Random ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));

        private long _goodUntil = time.GetTimestamp();

        /// <summary>Attempts that failed in a row.</summary>
        public int Failures { get; private set; }

        /// <summary>How long until giving up; null: for ever.</summary>
        public TimeSpan? Left => options.GiveUpAfter - time.GetElapsedTime(_goodUntil) is { } left ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : null;

        /// <summary>A connection has ended that was up for this long.</summary>
        public void Lasted(TimeSpan up)
        {
            if (up < options.GoodAfter)
                return;
            _goodUntil = time.GetTimestamp();
            Failures = 0;
            _backoff.Reset();
        }

        /// <summary>One more has failed: how long to wait; null: it is time to give up.</summary>
        public TimeSpan? NextWait()
        {
            Failures++;
            TimeSpan wait = _backoff.Next();
            return wait >= Left ? null : wait;
        }
    }
}
