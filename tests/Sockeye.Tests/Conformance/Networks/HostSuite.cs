// The suite over the operating system's network, on Linux with its own system calls.
namespace Sockeye.Tests.Conformance.Host;

public sealed class Streams() : StreamConformance(new HostFixture());

public sealed class HalfCloses() : HalfCloseConformance(new HostFixture());

public sealed class Accepts() : AcceptConformance(new HostFixture());

public sealed class Connects() : ConnectConformance(new HostFixture());

public sealed class Timeouts() : TimeoutConformance(new HostFixture());

public sealed class Cancellations() : CancellationConformance(new HostFixture());

public sealed class Polls() : PollConformance(new HostFixture());

public sealed class Datagrams() : DatagramConformance(new HostFixture());

public sealed class DatagramSockets() : DatagramSocketConformance(new HostFixture());

public sealed class DatagramBatches() : DatagramBatchConformance(new HostFixture());

public sealed class Seqpackets() : SeqpacketConformance(new HostFixture());

public sealed class Options() : OptionConformance(new HostFixture());

public sealed class Descriptors() : DescriptorConformance(new HostFixture());

public sealed class Raws() : RawConformance(new HostFixture());

public sealed class Misuses() : MisuseConformance(new HostFixture());

public sealed class Contexts() : ContextConformance(new HostFixture());

public sealed class ConnectionsReading() : ConnectionReadingConformance(new HostFixture());

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new HostFixture());

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new HostFixture());

public sealed class Listeners() : ListenerConformance(new HostFixture());

public sealed class Races() : RaceConformance(new HostFixture());

public sealed class Observers() : ObserverConformance(new HostFixture());

public sealed class UnixNames() : UnixConformance(new HostFixture());

public sealed class Names() : NameConformance(new HostFixture());
