using System.Net;
using System.Net.Sockets;

namespace Sockeye.Eye.Recording;

/// <summary>What is kept of a conversation, to be written to a file.</summary>
internal sealed record EyeRecording(long Number, SocketType Type, EndPoint? Client, EndPoint? Server, EyeEvent[] Events);
