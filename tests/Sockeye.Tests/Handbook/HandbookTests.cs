namespace Sockeye.Tests.Handbook;

/// <summary>What the pages of docs/handbook show; see the function table's tests for how.</summary>
public abstract class HandbookTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new(Hang.Limit);

    protected CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: Stop);
        return (client, (await listener.AcceptAsync(Stop))!);
    }
}
