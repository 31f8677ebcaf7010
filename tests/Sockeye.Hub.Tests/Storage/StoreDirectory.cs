using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>A directory for a store's file, for the time of a test.</summary>
internal sealed class StoreDirectory : IDisposable
{
    /// <summary>Passwords are quick, as nobody attacks them; and nobody waits long for a lock that a test holds.</summary>
    public static SqliteStoreOptions Options { get; } = new() { PasswordRounds = 10, LockTimeout = TimeSpan.FromSeconds(1) };

    public string Path { get; } = Directory.CreateTempSubdirectory("sockeye-hub-").FullName;

    public string File => System.IO.Path.Combine(Path, "hub.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
