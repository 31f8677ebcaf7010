using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>The store in memory.</summary>
public sealed class MemoryStoreTests : StoreContract
{
    private protected override IHubStore Open() => new MemoryStore();
}
