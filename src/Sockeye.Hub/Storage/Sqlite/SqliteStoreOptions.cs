namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>How far a store may go, and whom it tells of trouble.</summary>
internal sealed record SqliteStoreOptions
{
    /// <summary>The most requests that are committed together. More would make who came first wait longer and save nothing more.</summary>
    public int GroupRequestsMax { get; init; } = 1024;

    /// <summary>The most requests that wait. Those beyond are refused: a disk that is so far behind will not catch up by more work.</summary>
    public int WaitingRequestsMax { get; init; } = 20_000;

    /// <summary>How many connections read history beside the one that writes.</summary>
    public int Readers { get; init; } = 2;

    /// <summary>How long to wait for a file that another program has locked, in whole seconds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many passwords are hashed at a time: each costs a processor about a fifth of a second.</summary>
    public int PasswordsAtATime { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The most passwords that wait for each of those; those beyond are refused.</summary>
    public int WaitingPasswordsMax { get; init; } = 64;

    /// <summary>How slow a password is to try: rounds of PBKDF2 with SHA-256, as OWASP's password storage cheat sheet has them.</summary>
    public int PasswordRounds { get; init; } = 600_000;

    /// <summary>The file's layout.</summary>
    public Schema Schema { get; init; } = Schema.Current;

    /// <summary>Told when the store begins to fail, not for every request that does.</summary>
    public Action<Exception>? OnFailing { get; init; }

    /// <summary>Told when it works again.</summary>
    public Action? OnRecovered { get; init; }
}
