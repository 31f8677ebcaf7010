// What a switch can act on, of the suite and of the reactors' own, over epoll, and receives, sends and accepts that are told to try later, though they need not.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.EpollAgain;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Races() : RaceConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.EpollAgain));

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.EpollAgain);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.EpollAgain);

[Trait("Category", "Soak")]
public sealed class Lendings() : LendingTests(Engine.EpollAgain);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.EpollAgain);
