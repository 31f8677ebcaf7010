using System.Diagnostics.CodeAnalysis;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>Hubs that share a store and a bus, as they will with a database and a broker between them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A store in memory holds nothing to dispose.")]
internal sealed class HubsInOneProcess
{
    private readonly MemoryStore _store = new();
    private readonly List<Chat> _chats = [];
    private readonly List<HubLoop> _loops = [];
    private readonly List<SharedBus> _buses = [];
    private readonly Dictionary<RecordingClient, int> _homes = [];

    public HubsInOneProcess(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Chat chat = new(new HubId($"hub {i}"), new ChatLimits { PerClient = Rate.Unlimited, PerOrigin = Rate.Unlimited }, new NameRules());
            SharedBus bus = new(_buses);
            _buses.Add(bus);
            _chats.Add(chat);
            _loops.Add(new HubLoop(chat, new SharedStore(_store), bus, TimeProvider.System));
        }
    }

    public IReadOnlyList<Chat> Chats => _chats;

    /// <param name="hub">Where.</param>
    /// <param name="browser">The browser that the client is a page of; null: it is none.</param>
    public RecordingClient Arrive(int hub, string? browser = null)
    {
        RecordingClient client = new(browser ?? "here") { IsPersonal = browser is not null };
        _homes.Add(client, hub);
        _loops[hub].Tell(new ChatInput.Arrive(client));
        return client;
    }

    public void Ask(ChatInput.FromClient input) => _loops[_homes[(RecordingClient)input.Client]].Tell(input);

    /// <summary>Lets every hub do what waits, until nothing does: what one does may be told to the others.</summary>
    public async Task SettleAsync()
    {
        // Each pass takes what waits everywhere; nothing here makes more than a few steps of another's doing.
        for (int pass = 0; pass < 4; pass++)
        {
            foreach (HubLoop loop in _loops)
                await loop.RunAsync(new CancellationToken(canceled: true));
        }
    }

    private sealed class SharedBus(List<SharedBus> all) : IRoomBus
    {
        public Action<BusEvent>? Received { get; set; }

        public void Publish(BusEvent happened)
        {
            // A client is known where it is connected only.
            BusEvent elsewhere = happened switch
            {
                BusEvent.Posted posted => posted with { Client = null },
                BusEvent.HasRead read => read with { Client = null },
                _ => happened,
            };
            foreach (SharedBus bus in all)
                bus.Received!(bus == this ? happened : elsewhere);
        }
    }

    private sealed class SharedStore(MemoryStore store) : IHubStore
    {
        public Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

        public void Submit(StoreRequest request)
        {
            store.Completed = Completed;
            store.Submit(request);
        }

        public Task<StoreResult> AskAsync(StoreRequest request) => store.AskAsync(request);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
