using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>A member with what only the store knows.</summary>
/// <param name="Member">Who.</param>
/// <param name="Password">Hashed; null: a guest.</param>
/// <param name="Origin">Where a guest came from.</param>
internal sealed record StoredMember(Member Member, string? Password, string Origin);
