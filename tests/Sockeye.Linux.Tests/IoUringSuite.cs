// The suite over the reactors with io_uring required.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.IoUring;

public sealed class Streams() : StreamConformance(new LinuxFixture(Engine.IoUring));

public sealed class HalfCloses() : HalfCloseConformance(new LinuxFixture(Engine.IoUring));

public sealed class Accepts() : AcceptConformance(new LinuxFixture(Engine.IoUring));

public sealed class Connects() : ConnectConformance(new LinuxFixture(Engine.IoUring));

public sealed class Timeouts() : TimeoutConformance(new LinuxFixture(Engine.IoUring));

public sealed class Cancellations() : CancellationConformance(new LinuxFixture(Engine.IoUring));

public sealed class Polls() : PollConformance(new LinuxFixture(Engine.IoUring));

public sealed class Datagrams() : DatagramConformance(new LinuxFixture(Engine.IoUring));

public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.IoUring));

public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.IoUring));

public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.IoUring));

public sealed class Options() : OptionConformance(new LinuxFixture(Engine.IoUring));

public sealed class Descriptors() : DescriptorConformance(new LinuxFixture(Engine.IoUring));

public sealed class Raws() : RawConformance(new LinuxFixture(Engine.IoUring));

public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.IoUring));

public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.IoUring));

public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.IoUring));

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.IoUring));

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.IoUring));

public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.IoUring));

public sealed class Races() : RaceConformance(new LinuxFixture(Engine.IoUring));

public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.IoUring));

public sealed class UnixNames() : UnixConformance(new LinuxFixture(Engine.IoUring));

public sealed class Names() : NameConformance(new LinuxFixture(Engine.IoUring));

// What is the reactors' own.
public sealed class Threads() : ThreadTests(Engine.IoUring);

public sealed class Lendings() : LendingTests(Engine.IoUring);

public sealed class Containments() : ContainmentTests(Engine.IoUring);

public sealed class Holds() : HeldTests(Engine.IoUring);

public sealed class PlainCalls() : PlainCallTests(Engine.IoUring);

public sealed class Shards() : ShardTests(Engine.IoUring);

public sealed class Edges() : EdgeTests(Engine.IoUring);

public sealed class FirstWaits() : FirstWaitTests(Engine.IoUring);

public sealed class Signals() : SignalTests(Engine.IoUring);

public sealed class Disposals() : DisposalTests(Engine.IoUring);

public sealed class Fairness() : FairnessTests(Engine.IoUring);

public sealed class Allocations() : AllocationTests(Engine.IoUring);

public sealed class Churns() : ChurnTests(Engine.IoUring);

public sealed class Remains() : RemainsTests(Engine.IoUring);

public sealed class Forgotten() : ForgottenTests(Engine.IoUring);

public sealed class Beginnings() : BeginningTests(Engine.IoUring);

public sealed class LargeReceives() : LargeReceiveTests(Engine.IoUring);
