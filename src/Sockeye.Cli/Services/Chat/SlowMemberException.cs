namespace Sockeye.Cli.Services.Chat;

/// <summary>A member reads more slowly than the room talks.</summary>
internal sealed class SlowMemberException(long waitingBytes) : Exception($"{waitingBytes / 1024} KiB wait for it: it reads too slowly");
