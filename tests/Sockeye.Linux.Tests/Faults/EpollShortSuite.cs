// What a switch can act on, of the suite and of the reactors' own, over epoll, and receives and sends that move one byte.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.EpollShort;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.EpollShort));

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.EpollShort);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.EpollShort);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.EpollShort);
