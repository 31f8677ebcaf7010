namespace Sockeye.Interop;

/// <summary>How much of everything a recvmsg brought: the message's true length, which may be more than the buffer's, and two others in bytes.</summary>
internal readonly record struct ReceivedMessage(int Count, int NameLength, int ControlLength);
