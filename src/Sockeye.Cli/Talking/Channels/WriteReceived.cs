using System.Buffers;

namespace Sockeye.Cli.Talking.Channels;

/// <summary>Writes what came as an event.</summary>
/// <param name="bytes">What came.</param>
/// <param name="messageType">Of a WebSocket's message, <c>text</c> or <c>binary</c>; null of other bytes.</param>
/// <param name="output">Where to.</param>
internal delegate void WriteReceived(ReadOnlySequence<byte> bytes, string? messageType, IBufferWriter<byte> output);
