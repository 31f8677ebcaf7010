// What every connection keeps, over WebSockets; their closing is a handshake of its own, with tests of its own.
namespace Sockeye.Tests.Conformance.WebSockets;

public sealed class ConnectionsReading() : ConnectionReadingConformance(new WebSocketFixture());

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new WebSocketFixture());

public sealed class CompressedReading() : ConnectionReadingConformance(new CompressedWebSocketFixture());
