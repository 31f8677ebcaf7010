using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Pinging;

/// <summary>Sends requests at their times, hears answers, and sums up.</summary>
internal sealed class PingProgram(Network network, PingSettings settings, PingReport report)
{
    private readonly PingStatistics _statistics = new();
    private readonly Queue<Pending> _pending = new();
    private readonly HashSet<ushort> _unanswered = [];
    private readonly long _start = network.TimeProvider.GetTimestamp();

    private TimeSpan Now => network.TimeProvider.GetElapsedTime(_start);

    private bool SendsMore => settings.Count is not { } count || _statistics.Sent < count;

    /// <summary>Pings until everything is sent and answered or late, the deadline, or <paramref name="stop"/>; the exit code.</summary>
    public async Task<int> RunAsync(Address target, CancellationToken stop)
    {
        IcmpEcho? echo = null;
        try
        {
            echo = await BeginAsync(target, stop);
            await PingAsync(echo, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is known so far is told.
        }
        finally
        {
            echo?.Dispose();
        }

        report.End(target.Host, echo?.Target, _statistics, Now);
        return _statistics.Received > 0 ? ExitCodes.Done
            : !stop.IsCancellationRequested && IsPastDeadline ? ExitCodes.TimedOut
            : ExitCodes.NetworkFailed;
    }

    private bool IsPastDeadline => settings.Deadline is { } deadline && Now >= deadline;

    /// <summary>Sends the first request, to the first of the addresses to which one can be sent.</summary>
    private async Task<IcmpEcho> BeginAsync(Address target, CancellationToken stop)
    {
        IPAddress[] addresses = await AddressesAsync(target, stop);
        for (int i = 0; ; i++)
        {
            IcmpEcho? echo = null;
            try
            {
                echo = IcmpEcho.Open(network, addresses[i], settings.Echo);
                report.Begin(target.Host, addresses[i], settings.Echo.PayloadLength, echo.IsRaw);
                await SendAsync(echo, stop);
                return echo;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied && echo is not null)
            {
                // The socket was allowed, so it is where to.
                echo.Dispose();
                throw new SocketException((int)e.SocketErrorCode, $"cannot ping {Name(target.Host, addresses[i])}: no permission to send there; it is a broadcast address, or a route or a firewall forbids it");
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.AccessDenied && i + 1 < addresses.Length)
            {
                // No route in this family, perhaps: as programs do, the next address is tried.
                echo?.Dispose();
            }
            catch
            {
                echo?.Dispose();
                throw;
            }
        }
    }

    /// <summary>What was typed, and what it stands for.</summary>
    internal static string Name(string host, IPAddress address) => host == address.ToString() ? host : $"{host} ({address})";

    private async Task<IPAddress[]> AddressesAsync(Address target, CancellationToken stop)
    {
        if (target.EndPoint is DnsEndPoint name)
            return await network.ResolveAsync(name.Host, settings.Family, stop);
        IPAddress address = ((IPEndPoint)target.EndPoint).Address;
        if (settings.Family != AddressFamily.Unspecified && address.AddressFamily != settings.Family)
            throw new UsageException($"{address} is no {(settings.Family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address; leave out {(settings.Family == AddressFamily.InterNetwork ? "-4" : "-6")}");
        return [address];
    }

    private async Task PingAsync(IcmpEcho echo, CancellationToken stop)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<IcmpEchoAnswer> receiving = echo.ReceiveAsync(ending.Token).AsTask();
        try
        {
            TimeSpan nextSend = settings.Interval;
            while (!IsPastDeadline)
            {
                if (SendsMore && Now >= nextSend)
                {
                    await SendOrTellAsync(echo, stop);

                    // Late by whole intervals, the requests that were due then are left out rather than sent in a burst.
                    nextSend = Now - nextSend > settings.Interval ? Now + settings.Interval : nextSend + settings.Interval;
                }

                TellMissing();
                if (!SendsMore && _unanswered.Count == 0)
                    break;
                if (await WaitAsync(receiving, UntilNext(nextSend), stop))
                {
                    Take(await receiving);
                    receiving = echo.ReceiveAsync(ending.Token).AsTask();
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await receiving.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task SendAsync(IcmpEcho echo, CancellationToken stop)
    {
        TimeSpan now = Now;
        ushort sequenceNumber = await echo.SendAsync(stop);
        _statistics.AddSent();
        _pending.Enqueue(new Pending(sequenceNumber, now));
        _unanswered.Add(sequenceNumber);
    }

    private async Task SendOrTellAsync(IcmpEcho echo, CancellationToken stop)
    {
        try
        {
            await SendAsync(echo, stop);
        }
        catch (SocketException e)
        {
            // The route may come back: as lost as if a router had dropped it.
            _statistics.AddSent();
            report.Unsent(e.Message);
        }
    }

    private void Take(IcmpEchoAnswer answer)
    {
        _statistics.Add(answer);
        bool isAwaited = _unanswered.Remove(answer.SequenceNumber);
        report.Answer(answer, isLate: !isAwaited && answer.Kind == IcmpEchoAnswerKind.Reply);
    }

    private void TellMissing()
    {
        while (_pending.TryPeek(out Pending first) && (Now - first.SentAt >= settings.Timeout || !_unanswered.Contains(first.SequenceNumber)))
        {
            _pending.Dequeue();
            if (_unanswered.Remove(first.SequenceNumber))
                report.Missing(first.SequenceNumber, settings.Timeout);
        }
    }

    /// <summary>How long nothing is to be done unless an answer comes.</summary>
    private TimeSpan UntilNext(TimeSpan nextSend)
    {
        TimeSpan next = TimeSpan.MaxValue;
        if (SendsMore)
            next = nextSend;
        if (_pending.TryPeek(out Pending first) && first.SentAt + settings.Timeout < next)
            next = first.SentAt + settings.Timeout;
        if (settings.Deadline is { } deadline && deadline < next)
            next = deadline;
        return next - Now;
    }

    /// <summary>Waits for an answer; false: the time has passed.</summary>
    private async Task<bool> WaitAsync(Task<IcmpEchoAnswer> receiving, TimeSpan time, CancellationToken stop)
    {
        if (receiving.IsCompleted || time <= TimeSpan.Zero)
            return receiving.IsCompleted;
        using CancellationTokenSource answered = CancellationTokenSource.CreateLinkedTokenSource(stop);

        // Timers have whole milliseconds; rounded down it would be too early again and again.
        Task delay = Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)), network.TimeProvider, answered.Token);
        await Task.WhenAny(receiving, delay);
        stop.ThrowIfCancellationRequested();
        await answered.CancelAsync();
        return receiving.IsCompleted;
    }

    private readonly record struct Pending(ushort SequenceNumber, TimeSpan SentAt);
}
