// The suite over the operating system's network through System.Net.Sockets alone.
namespace Sockeye.Tests.Conformance.PortableHost;

public sealed class Streams() : StreamConformance(new PortableHostFixture());

public sealed class HalfCloses() : HalfCloseConformance(new PortableHostFixture());

public sealed class Accepts() : AcceptConformance(new PortableHostFixture());

public sealed class Connects() : ConnectConformance(new PortableHostFixture());

public sealed class Timeouts() : TimeoutConformance(new PortableHostFixture());

public sealed class Cancellations() : CancellationConformance(new PortableHostFixture());

public sealed class Polls() : PollConformance(new PortableHostFixture());

public sealed class Datagrams() : DatagramConformance(new PortableHostFixture());

public sealed class DatagramSockets() : DatagramSocketConformance(new PortableHostFixture());

public sealed class DatagramBatches() : DatagramBatchConformance(new PortableHostFixture());

public sealed class Seqpackets() : SeqpacketConformance(new PortableHostFixture());

public sealed class Options() : OptionConformance(new PortableHostFixture());

public sealed class Descriptors() : DescriptorConformance(new PortableHostFixture());

public sealed class Raws() : RawConformance(new PortableHostFixture());

public sealed class Misuses() : MisuseConformance(new PortableHostFixture());

public sealed class Contexts() : ContextConformance(new PortableHostFixture());

public sealed class ConnectionsReading() : ConnectionReadingConformance(new PortableHostFixture());

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new PortableHostFixture());

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new PortableHostFixture());

public sealed class Listeners() : ListenerConformance(new PortableHostFixture());

public sealed class Races() : RaceConformance(new PortableHostFixture());

public sealed class Observers() : ObserverConformance(new PortableHostFixture());

public sealed class UnixNames() : UnixConformance(new PortableHostFixture());

public sealed class Names() : NameConformance(new PortableHostFixture());
