// The suite over the reactors with io_uring, whose requests are cancelled, and calls that move one byte or are told to try later.
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.FaultyIoUring;

public sealed class Streams() : StreamConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class HalfCloses() : HalfCloseConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Accepts() : AcceptConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Connects() : ConnectConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Timeouts() : TimeoutConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Cancellations() : CancellationConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Polls() : PollConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Datagrams() : DatagramConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Options() : OptionConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Descriptors() : DescriptorConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Raws() : RawConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Misuses() : MisuseConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Contexts() : ContextConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Listeners() : ListenerConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Races() : RaceConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Observers() : ObserverConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class UnixNames() : UnixConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));

public sealed class Names() : NameConformance(new LinuxFixture(LinuxBackend.IoUring, new ReactorFaults { AgainEvery = 3, ShortEvery = 5, CancelEvery = 2 }));
