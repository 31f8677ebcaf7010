namespace Sockeye.Hub.Gateways.Text;

/// <summary>The plain-text door: TCP or TLS, and a Unix socket, for telnet, nc and whatever else reads and writes lines.</summary>
internal sealed class TextGateway(GatewayContext context) : IGateway
{
    private const string TextByDefault = "tcp://127.0.0.1:8888";

    private readonly TextDoor _door = new(context);
    private readonly List<Listener> _listeners = [];

    public async ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken)
    {
        HubOptions options = context.Options;
        ListenerOptions listening = new();
        ValueTask<Listener> Open(Address address) => context.Network.ListenAsync(address, listening, cancellationToken);
        if (options.Text != HubOptions.Off)
            _listeners.Add(await DoorAddress.OpenAsync(options.Text, TextByDefault, options, Open).ConfigureAwait(false));
        string? unix = options.Unix ?? (options.DataDirectory is { } directory ? $"unix://{Path.GetFullPath(Path.Combine(directory, "hub.sock"))}" : null);
        if (unix is not null && unix != HubOptions.Off)
            _listeners.Add(await Open(Address.Parse(unix)).ConfigureAwait(false));
        return [.. _listeners.SelectMany(listener => DoorAddress.NamesOf(listener.Address, listener.LocalEndPoints))];
    }

    public async Task RunAsync(CancellationToken stop)
    {
        if (_listeners.Count == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Network.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        ServerOptions options = new()
        {
            ConnectionLimit = context.Options.TextConnectionsMax,
            DrainTimeout = context.Options.DrainTimeout,
            OnAcceptError = (listener, error) => context.Options.OnNotice?.Invoke($"{listener.Address}: {error.Message}"),
            OnError = error => context.Options.OnNotice?.Invoke(error.Message),
        };
        await new Server(_listeners, (connection, _) => new TextClient(_door, connection).RunAsync(), options).RunAsync(stop).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Listener listener in _listeners)
            await listener.DisposeAsync().ConfigureAwait(false);
    }
}
