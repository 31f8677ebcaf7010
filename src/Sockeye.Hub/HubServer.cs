using System.Net.Sockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub;

/// <summary>A chat that any socket can join: its doors, the chat behind them, and what it keeps.</summary>
public sealed class HubServer : IAsyncDisposable
{
    private readonly HubOptions _options;
    private readonly IHubStore _store;
    private readonly Chat _chat;
    private readonly HubLoop _loop;
    private readonly IGateway[] _gateways;
    private int _started;

    /// <summary>Makes a hub; nothing listens yet.</summary>
    /// <param name="options">Its doors and limits; null: the defaults.</param>
    /// <param name="network">Where its doors are; null: the operating system's network.</param>
    /// <exception cref="ArgumentException">An option cannot be; the message names it.</exception>
    public HubServer(HubOptions? options = null, Network? network = null)
        : this(options ?? new HubOptions(), network ?? Network.Host, new MemoryStore(), new ChatLimits())
    {
    }

    internal HubServer(HubOptions options, Network network, IHubStore store, ChatLimits limits)
    {
        _options = options;
        _store = store;
        _chat = new Chat(new HubId("one"), limits, new NameRules());
        _loop = new HubLoop(_chat, store, new LocalBus(), network.TimeProvider) { OnError = error => options.OnNotice?.Invoke($"{error}") };
        GatewayContext context = new(_loop, network, options, limits);
        _gateways = [new TextGateway(context)];
    }

    /// <summary>How many clients are connected, by any door.</summary>
    public int ClientCount => _chat.Sizes.Clients;

    internal HubLoop Loop => _loop;

    /// <summary>Opens the doors: all of them, or none.</summary>
    /// <returns>The address of each, as clients reach it.</returns>
    /// <exception cref="SocketException">One of them cannot be opened; the message says why, and who has it.</exception>
    /// <exception cref="InvalidOperationException">The hub was started before.</exception>
    public async Task<IReadOnlyList<string>> StartAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A hub starts once: make another.");
        List<string> addresses = [];
        try
        {
            foreach (IGateway gateway in _gateways)
                addresses.AddRange(await gateway.ListenAsync(cancellationToken).ConfigureAwait(false));
            return addresses;
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Serves until <paramref name="stop"/> fires; then tells everybody, gives them <see cref="HubOptions.DrainTimeout"/> to take it, and returns when all is done
    /// and kept.
    /// </summary>
    /// <exception cref="SocketException">A door failed for good; the hub has stopped as by the token.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource endLoop = new();
        Task loop = _loop.RunAsync(endLoop.Token);
        await using (end.Token.Register(() => _loop.Tell(new ChatInput.Close("The hub is closing."))).ConfigureAwait(false))
        {
            Task[] gateways = [.. _gateways.Select(gateway => gateway.RunAsync(end.Token))];

            // The first to end, by the token or because its socket failed, ends the others.
            await Task.WhenAny([.. gateways, loop]).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(gateways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await endLoop.CancelAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(false);
            await Task.WhenAll(gateways).ConfigureAwait(false);
        }
    }

    /// <summary>Closes what listens, and the store.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IGateway gateway in _gateways)
            await gateway.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }
}
