namespace Sockeye.Cli.Services.Chat;

/// <summary>A member reads more slowly than the room talks.</summary>
internal sealed class SlowMemberException()
    : Exception($"more than {StreamMember.WaitingBytesMax / 1024} KiB wait for it: it reads too slowly");
