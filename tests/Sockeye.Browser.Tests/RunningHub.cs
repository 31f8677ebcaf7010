using Sockeye.Hub;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Browser.Tests;

/// <summary>A hub with its page on a port of its own; it keeps everything in a directory that goes with the test, or in memory.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly DirectoryInfo? _directory;
    private readonly IHubStore? _store;
    private readonly bool _hasAllDoors;
    private HubServer? _server;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private RunningHub(DirectoryInfo? directory, IHubStore? store, bool hasAllDoors = false) => (_directory, _store, _hasAllDoors) = (directory, store, hasAllDoors);

    /// <summary>Where the page is.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>The link for the owner.</summary>
    public string? OwnerLink => _server!.OwnerLink;

    /// <summary>Whether the hub was away, so that a page could not reach it.</summary>
    public bool WasAway { get; private set; }

    /// <summary>With SQLite in a directory, as people run it.</summary>
    public static async Task<RunningHub> StartAsync()
    {
        RunningHub hub = new(Directory.CreateTempSubdirectory("sockeye-page-"), null);
        await hub.OpenAsync();
        return hub;
    }

    /// <summary>The same, and the other doors beside the page.</summary>
    public static async Task<RunningHub> StartWithAllDoorsAsync()
    {
        RunningHub hub = new(Directory.CreateTempSubdirectory("sockeye-page-"), null, hasAllDoors: true);
        await hub.OpenAsync();
        return hub;
    }

    /// <summary>Over a store of the test's.</summary>
    public static async Task<RunningHub> StartAsync(IHubStore store)
    {
        RunningHub hub = new(null, store);
        await hub.OpenAsync();
        return hub;
    }

    /// <summary>Stops as by Ctrl-C.</summary>
    public async Task StopAsync()
    {
        WasAway = true;
        await _stop.CancelAsync();
        await _running.WaitAsync(Hang.Limit);
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts again on the same directory and port.</summary>
    public async Task OpenAsync()
    {
        _stop = new CancellationTokenSource();
        HubOptions options = new()
        {
            Web = Address,
            Text = _hasAllDoors ? "tcp://127.0.0.1:0" : HubOptions.Off,
            Udp = _hasAllDoors ? "udp://127.0.0.1:0" : HubOptions.Off,
            Unix = _hasAllDoors ? null : HubOptions.Off,
            DataDirectory = _directory?.FullName,
            DrainTimeout = TimeSpan.FromSeconds(1),
        };
        _server = _store is null
            ? await HubServer.StartAsync(options)
            : await HubServer.StartAsync(options, Network.Host, null, _store, CancellationToken.None);
        Address = _server.PageAddress!;
        _running = _server.RunAsync(_stop.Token);
    }

    /// <summary>Where the door of a scheme is; it is elsewhere after each start.</summary>
    public Sockeye.Address Door(string scheme) => _server!.Addresses.Select(Sockeye.Address.Parse).Single(door => door.Scheme == scheme);

    /// <summary>Somebody who comes in by another door.</summary>
    public async Task<Guest> GuestAsync(string name, params string[] rooms)
    {
        Guest guest = new(_server!.Loop, name);
        await guest.EnterAsync(rooms);
        return guest;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await StopAsync();
        _stop.Dispose();
        _directory?.Delete(recursive: true);
    }
}
