using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>A password to be hashed, or compared with one that is kept; and what came of it.</summary>
/// <param name="Member">Whose it is: one member's are done one after another.</param>
/// <param name="Text">What was typed; null takes the password away.</param>
/// <param name="Kept">What is compared with; null: nothing, it is to be kept.</param>
internal sealed record PasswordWork(MemberId Member, string? Text, string? Kept)
{
    /// <summary>Whether it is the one that is kept.</summary>
    public bool IsRight { get; init; }

    /// <summary>What is to be kept of it.</summary>
    public string? Hash { get; init; }

    public PasswordWork Do(int rounds) => Kept is null
        ? this with { Hash = Text is null ? null : PasswordHash.Make(Text, rounds) }
        : this with { IsRight = PasswordHash.IsOf(Text!, Kept) };

    /// <summary>Nothing of it is for logs.</summary>
    public override string ToString() => $"the password of member {Member.Value}";
}
