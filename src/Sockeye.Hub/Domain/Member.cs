namespace Sockeye.Hub.Domain;

/// <summary>Somebody who has a name here.</summary>
/// <param name="Id">Who it is, whatever the name.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="IsOwner">Whether the hub is theirs.</param>
/// <param name="HasPassword">Whether the name is kept by a password; without one, it is anybody's who comes next.</param>
internal sealed record Member(MemberId Id, string Name, bool IsOwner = false, bool HasPassword = false);
