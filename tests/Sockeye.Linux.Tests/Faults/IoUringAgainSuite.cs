// What a switch can act on, of the suite and of the reactors' own, over io_uring, and receives, sends and accepts that are told to try later, though they need not.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.IoUringAgain;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Races() : RaceConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.IoUringAgain));

[Trait("Category", "Soak")]
public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.IoUringAgain));

public sealed class Churns() : ChurnTests(Engine.IoUringAgain);

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.IoUringAgain);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.IoUringAgain);

[Trait("Category", "Soak")]
public sealed class Lendings() : LendingTests(Engine.IoUringAgain);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.IoUringAgain);
