// The suite over the network in memory: all but raw sockets and what belongs to an operating system.
namespace Sockeye.Tests.Conformance.Memory;

public sealed class Streams() : StreamConformance(new MemoryFixture());

public sealed class HalfCloses() : HalfCloseConformance(new MemoryFixture());

public sealed class Accepts() : AcceptConformance(new MemoryFixture());

public sealed class Connects() : ConnectConformance(new MemoryFixture());

public sealed class Timeouts() : TimeoutConformance(new MemoryFixture());

public sealed class Cancellations() : CancellationConformance(new MemoryFixture());

public sealed class Polls() : PollConformance(new MemoryFixture());

public sealed class Datagrams() : DatagramConformance(new MemoryFixture());

public sealed class DatagramSockets() : DatagramSocketConformance(new MemoryFixture());

public sealed class DatagramBatches() : DatagramBatchConformance(new MemoryFixture());

public sealed class Seqpackets() : SeqpacketConformance(new MemoryFixture());

public sealed class Options() : OptionConformance(new MemoryFixture());

public sealed class Descriptors() : DescriptorConformance(new MemoryFixture());

public sealed class Misuses() : MisuseConformance(new MemoryFixture());

public sealed class Contexts() : ContextConformance(new MemoryFixture());

public sealed class ConnectionsReading() : ConnectionReadingConformance(new MemoryFixture());

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new MemoryFixture());

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new MemoryFixture());

public sealed class Listeners() : ListenerConformance(new MemoryFixture());

public sealed class Races() : RaceConformance(new MemoryFixture());

public sealed class Observers() : ObserverConformance(new MemoryFixture());

public sealed class UnixNames() : UnixConformance(new MemoryFixture());

public sealed class Names() : NameConformance(new MemoryFixture());
