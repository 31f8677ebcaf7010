// What a switch can act on, of the suite and of the reactors' own, over io_uring, whose requests are cancelled.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.IoUringCancelled;

[Trait("Category", "Soak")]
public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.IoUringCancelled));

[Trait("Category", "Soak")]
public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.IoUringCancelled));

[Trait("Category", "Soak")]
public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.IoUringCancelled));

[Trait("Category", "Soak")]
public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.IoUringCancelled));

[Trait("Category", "Soak")]
public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.IoUringCancelled));

[Trait("Category", "Soak")]
public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.IoUringCancelled));

public sealed class Churns() : ChurnTests(Engine.IoUringCancelled);

[Trait("Category", "Soak")]
public sealed class Edges() : EdgeTests(Engine.IoUringCancelled);

[Trait("Category", "Soak")]
public sealed class Disposals() : DisposalTests(Engine.IoUringCancelled);

[Trait("Category", "Soak")]
public sealed class Lendings() : LendingTests(Engine.IoUringCancelled);

[Trait("Category", "Soak")]
public sealed class Switches() : SwitchTests(Engine.IoUringCancelled);
