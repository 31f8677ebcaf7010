using Sockeye.Cli.Output;

namespace Sockeye.Cli.Relaying;

/// <summary>Event lines about connections, in their order, by the numbers that a view has for them.</summary>
/// <param name="log">Where they go.</param>
/// <param name="numbers">The view's; null: each line has its own.</param>
internal sealed class NumberedLines(EventLog log, ViewNumbers? numbers)
{
    /// <summary>How many lines wait for a view whose output stands still; the next goes without a number.</summary>
    public const int WaitingMax = 1024;

    private readonly Lock _lock = new();
    private Task _written = Task.CompletedTask;
    private int _waiting;

    /// <param name="line">The line, with a number of its own.</param>
    /// <param name="socket">The connection's; null where it has none.</param>
    public void Write(CliEvent line, NetworkSocket? socket)
    {
        if (numbers is null)
        {
            log.Write(line);
            return;
        }

        lock (_lock)
        {
            if (socket is null || _waiting == WaitingMax)
            {
                log.Write(line with { Connection = null });
                return;
            }

            _waiting++;
            _written = WriteAsync(_written, line, socket, numbers);
        }
    }

    /// <summary>Waits until none waits for its number, or the view stands still.</summary>
    public Task SettleAsync()
    {
        lock (_lock)
            return numbers?.SettleAsync(_written) ?? Task.CompletedTask;
    }

    private async Task WriteAsync(Task before, CliEvent line, NetworkSocket socket, ViewNumbers all)
    {
        await before;
        log.Write(line with { Connection = await all.OfAsync(socket) });
        lock (_lock)
            _waiting--;
    }
}
