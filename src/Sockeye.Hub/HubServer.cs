using System.Net;
using System.Net.Sockets;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways;
using Sockeye.Hub.Gateways.Text;
using Sockeye.Hub.Gateways.Udp;
using Sockeye.Hub.Gateways.Web;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Hub;

/// <summary>A chat that any socket can join: its doors, the chat behind them, and what it keeps.</summary>
public sealed class HubServer : IAsyncDisposable
{
    /// <summary>How long the end of the process waits for doors to close.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(500);

    private readonly DataDirectory? _directory;
    private readonly IHubStore _store;
    private readonly Chat _chat;
    private readonly HubLoop _loop;
    private readonly GatewayContext _context;
    private readonly IGateway[] _gateways;
    private int _disposed;
    private readonly Lock _lock = new();
    private Task? _closed;

    private HubServer(HubOptions options, Network network, DataDirectory? directory, IHubStore store)
    {
        _directory = directory;
        _store = store;
        _chat = new Chat(new HubId("one"), options.Limits.Chat, new NameRules());
        _loop = new HubLoop(_chat, store, new LocalBus(), network.TimeProvider) { OnError = error => options.OnNotice?.Invoke($"a fault in the hub itself: {error.GetType().Name}: {error.Message}") };
        _context = new GatewayContext(_loop, network, options);
        _gateways = [new WebGateway(_context), new TextGateway(_context), new UdpGateway(_context)];
    }

    /// <summary>The addresses of the doors, as clients reach them.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>
    /// The addresses by which others in this network reach the doors that listen on all interfaces, the likeliest of each first; none where each listens on one.
    /// </summary>
    public IReadOnlyList<string> LanAddresses { get; private set; } = [];

    /// <summary>Where a browser on this machine finds the page; null: there is none.</summary>
    public string? PageAddress => _context.PageAddress;

    /// <summary>
    /// The link that makes whoever opens it first the owner of the hub: it works once, for 24 hours. Null where the hub has an owner, has no page, or keeps nothing.
    /// </summary>
    public string? OwnerLink { get; private set; }

    /// <summary>How many clients are connected, by any door.</summary>
    public int ClientCount => _chat.Sizes.Clients;

    internal HubLoop Loop => _loop;

    /// <summary>Looks whether a hub could be started so, as far as that can be known without opening anything.</summary>
    /// <param name="options">Its doors and limits.</param>
    /// <param name="time">Whose clock a certificate's dates are looked at by; null: the system's.</param>
    /// <exception cref="HubOptionException">An option cannot be.</exception>
    public static void Check(HubOptions options, TimeProvider? time = null)
    {
        HubOptionRules.Check(options);
        _ = HubOptionRules.CheckCertificate(options, time ?? TimeProvider.System);
    }

    /// <summary>Opens what the hub keeps, and its doors: all of them, or none. Clients are served from <see cref="RunAsync"/> on.</summary>
    /// <param name="options">Its doors and limits; null: the defaults.</param>
    /// <param name="network">Where its doors are, and whose clock counts; null: the operating system's network.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HubDataException">The data directory or what is in it cannot be used; the message says why and what to do.</exception>
    /// <exception cref="SocketException">A door cannot be opened; the message says why, and who has it.</exception>
    /// <exception cref="HubOptionException">An option cannot be.</exception>
    public static async Task<HubServer> StartAsync(HubOptions? options = null, Network? network = null, CancellationToken cancellationToken = default)
    {
        options ??= new HubOptions();
        network ??= Network.Host;
        HeldNotices notices = new(options.OnNotice ?? (_ => { }));
        options = Prepare(options with { OnNotice = notices.Add }, network.TimeProvider);
        DataDirectory? directory = options.DataDirectory is { } path ? DataDirectory.Open(path, network.TimeProvider) : null;
        try
        {
            IHubStore store = directory is null ? new MemoryStore() : OpenStore(directory, options);
            HubServer hub = await StartAsync(options, network, directory, store, cancellationToken).ConfigureAwait(false);
            notices.Release();
            return hub;
        }
        catch
        {
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>The same over a store of the caller's; it is the hub's from now on.</summary>
    internal static async Task<HubServer> StartAsync(
        HubOptions options, Network network, DataDirectory? directory, IHubStore store, CancellationToken cancellationToken)
    {
        HubServer hub = new(options, network, directory, store);
        try
        {
            List<string> addresses = [];
            foreach (IGateway gateway in hub._gateways)
                addresses.AddRange(await gateway.ListenAsync(cancellationToken).ConfigureAwait(false));
            hub.Addresses = addresses;
            if (options.TlsCertificate is not null && !addresses.Exists(IsEncrypted))
                options.OnNotice?.Invoke("no door uses the certificate, as each was given an address without TLS: say --text tls://ADDRESS or --web https://ADDRESS, or leave the address out");

            // Most hubs are on the loopback, and asking the machine for its interfaces takes its time.
            IReadOnlyList<IPAddress> machine = addresses.Exists(InterfaceAddresses.IsOnAll) ? InterfaceAddresses.Told(options) : [];
            hub.LanAddresses = [.. addresses.SelectMany(door => InterfaceAddresses.Expand(door, machine))];
            if (directory is not null)
                await hub.InviteOwnerAsync(options, network.TimeProvider).ConfigureAwait(false);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync().ConfigureAwait(false);
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
        Task trimming = MemoryTrim.OfProcess(() => ClientCount).RunAsync(_context.Network.TimeProvider, end.Token);
        await using (end.Token.Register(() => _loop.Tell(new ChatInput.Close("The hub is closing."))).ConfigureAwait(false))
        {
            Task[] gateways = [.. _gateways.Select(gateway => gateway.RunAsync(end.Token))];

            // The first to end, by the token or because its socket failed, ends the others.
            await Task.WhenAny([.. gateways, loop]).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(gateways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await endLoop.CancelAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(false);
            await trimming.ConfigureAwait(false);
            await Task.WhenAll(gateways).ConfigureAwait(false);
        }
    }

    /// <summary>Closes what listens, as the process ends at once: no file of a Unix socket is left behind.</summary>
    public void Close() => Task.WaitAll([CloseDoorsAsync()], CloseTimeout);

    /// <summary>Closes what listens, then the store, then gives the data directory back. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await CloseDoorsAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _directory?.Dispose();
    }

    /// <summary>Once, all at the same time: none waits for another that is slow.</summary>
    private Task CloseDoorsAsync()
    {
        lock (_lock)
            return _closed ??= Task.WhenAll(_gateways.Select(gateway => gateway.DisposeAsync().AsTask()));
    }

    private static bool IsEncrypted(string door) => door.StartsWith("tls://", StringComparison.Ordinal) || door.StartsWith("https://", StringComparison.Ordinal);

    private static HubOptions Prepare(HubOptions options, TimeProvider time)
    {
        HubOptionRules.Check(options);
        if (HubOptionRules.CheckCertificate(options, time) is { } notice)
            options.OnNotice?.Invoke(notice);
        if (options.Unix is not null || options.DataDirectory is not { } directory)
            return options;
        string? unix = HubOptionRules.UnixByDefault(directory);
        if (unix is null)
            options.OnNotice?.Invoke($"no Unix socket: the name of the data directory is too long for one; say --unix unix://PATH for a shorter one");
        return options with { Unix = unix ?? HubOptions.Off };
    }

    private static SqliteStore OpenStore(DataDirectory directory, HubOptions options)
    {
        SqliteStore store = SqliteStore.Open(directory.StoreFile, new SqliteStoreOptions
        {
            OnFailing = error => options.OnNotice?.Invoke(error.Message),
            OnRecovered = () => options.OnNotice?.Invoke($"{directory.StoreFile} works again"),
        });
        options.OnNotice?.Invoke($"keeps everything in {directory.StoreFile} (SQLite {SqliteStore.SqliteVersion})");
        return store;
    }

    private async Task InviteOwnerAsync(HubOptions options, TimeProvider time)
    {
        if (PageAddress is null)
            return;
        OwnerInvitation invitation = OwnerInvitation.Create(time.GetUtcNow());
        if (await _store.AskAsync(invitation.ToRequest(options.InvitesAnotherOwner)).ConfigureAwait(false) is StoreResult.OwnerInvited { IsNoted: true })
            OwnerLink = $"{PageAddress}/#owner={invitation.Secret}";
    }
}
