// What a switch can act on, of the suite and of the reactors' own, over epoll, and calls that move one byte or are told to try later.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.EpollFaulty;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Races() : RaceConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.EpollFaulty));

[Trait("Category", "Soak")]
public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.EpollFaulty));

public sealed class Churns() : ChurnTests(Engine.EpollFaulty);

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.EpollFaulty);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.EpollFaulty);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.EpollFaulty);
