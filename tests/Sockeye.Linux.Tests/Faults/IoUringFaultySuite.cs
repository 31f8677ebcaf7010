// What a switch can act on, of the suite and of the reactors' own, over io_uring, whose requests are cancelled, and calls that move one byte or are told to try later.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.IoUringFaulty;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Races() : RaceConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.IoUringFaulty));

[Trait("Category", "Soak")]
public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.IoUringFaulty));

public sealed class Churns() : ChurnTests(Engine.IoUringFaulty);

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.IoUringFaulty);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.IoUringFaulty);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.IoUringFaulty);
