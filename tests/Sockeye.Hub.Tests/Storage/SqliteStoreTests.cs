using Sockeye.Hub.Storage;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>The store in a SQLite file.</summary>
public sealed class SqliteStoreTests : StoreContract
{
    private readonly StoreDirectory _directory = new();

    private protected override IHubStore Open() => SqliteStore.Open(_directory.File, StoreDirectory.Options);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
