using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Happy Eyeballs (RFC 8305): the addresses of a name are tried one after another, the families in turn, each starting when the one before
/// has failed or has taken longer than the attempt delay; the first to connect wins and the others are closed.
/// </summary>
internal sealed class ConnectRace(Network network, Address address, EndPoint[] endPoints, ConnectorOptions options)
{
    private readonly List<(EndPoint EndPoint, SocketError Error, string Message)> _failures = [];

    public async ValueTask<NetworkSocket> RunAsync(CancellationToken cancellationToken)
    {
        EndPoint[] order = Interleave(endPoints);
        if (order.Length == 1)
            return await AttemptAsync(order[0], cancellationToken).ConfigureAwait(false) ?? throw Failure();

        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<NetworkSocket?>> attempts = [];
        NetworkSocket? winner = null;
        try
        {
            for (int next = 0; winner is null && (next < order.Length || attempts.Count > 0);)
            {
                if (next < order.Length)
                    attempts.Add(AttemptAsync(order[next++], decided.Token));
                winner = await FirstAsync(attempts, mayStartNext: next < order.Length, decided.Token).ConfigureAwait(false);
            }

            return winner ?? throw Failure();
        }
        finally
        {
            await decided.CancelAsync().ConfigureAwait(false);
            await CloseLosersAsync(attempts, winner).ConfigureAwait(false);
        }
    }

    /// <summary>RFC 8305, section 4: the families alternate, beginning with that of the first address.</summary>
    internal static EndPoint[] Interleave(EndPoint[] endPoints)
    {
        if (endPoints.Length < 2)
            return endPoints;
        AddressFamily firstFamily = endPoints.Any(e => e.AddressFamily == AddressFamily.InterNetworkV6) ? AddressFamily.InterNetworkV6 : endPoints[0].AddressFamily;
        Queue<EndPoint> first = new(endPoints.Where(e => e.AddressFamily == firstFamily));
        Queue<EndPoint> second = new(endPoints.Where(e => e.AddressFamily != firstFamily));
        List<EndPoint> order = [];
        while (first.Count + second.Count > 0)
        {
            if (first.TryDequeue(out EndPoint? one))
                order.Add(one);
            if (second.TryDequeue(out EndPoint? two))
                order.Add(two);
        }

        return [.. order];
    }

    /// <summary>The winner; or null when the next attempt may start, because one failed or the delay has passed, or none is left.</summary>
    private async ValueTask<NetworkSocket?> FirstAsync(List<Task<NetworkSocket?>> attempts, bool mayStartNext, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopDelay = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = mayStartNext
            ? Task.Delay(options.AttemptDelay, network.TimeProvider, stopDelay.Token)
            : Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, network.TimeProvider, stopDelay.Token);
        Task ended = await Task.WhenAny([.. attempts, delay]).ConfigureAwait(false);
        await stopDelay.CancelAsync().ConfigureAwait(false);
        if (ended is not Task<NetworkSocket?> attempt)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }

        NetworkSocket? socket = await attempt.ConfigureAwait(false);
        attempts.Remove(attempt);
        return socket;
    }

    private async Task<NetworkSocket?> AttemptAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        NetworkSocket? socket = null;
        try
        {
            socket = network.CreateSocket(endPoint.AddressFamily, address.SocketType);
            socket.AddObserver(options.Observer, isNew: true);
            if (options.OnBehalfOf?.Socket is { } client)
                socket.Observer?.Joined(socket, client, remote: null);
            AddressOptionsSetter.BeforeConnect(socket, address, options);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            lock (_failures)
                _failures.Add((endPoint, e.SocketErrorCode, e.Message));
            return null;
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private static async ValueTask CloseLosersAsync(List<Task<NetworkSocket?>> attempts, NetworkSocket? winner)
    {
        foreach (Task<NetworkSocket?> attempt in attempts)
        {
            await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (attempt.IsCompletedSuccessfully && await attempt.ConfigureAwait(false) is { } socket && socket != winner)
                socket.Dispose();
        }
    }

    private SocketException Failure()
    {
        (EndPoint last, SocketError error, string message) = _failures[^1];
        if (_failures.Count == 1 && address.EndPoint is not DnsEndPoint)
        {
            // The socket knows its own end point, and not what was to be spoken over it.
            string reached = SocketErrors.Describe(last, address.SocketType, default)!;
            return new SocketException((int)error, address.IsTls || address.Scheme == "ws" ? message.Replace(reached, address.ToString(), StringComparison.Ordinal) : message);
        }

        string tried = string.Join(", ", _failures.Select(f => $"{f.EndPoint} ({SocketErrors.Reason(f.Error)})"));
        SocketException all = SocketErrors.Create(error, "connect to", address.ToString(), error == SocketError.ConnectionRefused ? network.DescribeRefusalCore(last) : null);
        return new SocketException((int)error, $"{all.Message}; tried {tried}");
    }
}
