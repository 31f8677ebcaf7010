// The suite over the reactors with epoll forced.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Epoll;

public sealed class Streams() : StreamConformance(new LinuxFixture(Engine.Epoll));

public sealed class HalfCloses() : HalfCloseConformance(new LinuxFixture(Engine.Epoll));

public sealed class Accepts() : AcceptConformance(new LinuxFixture(Engine.Epoll));

public sealed class Connects() : ConnectConformance(new LinuxFixture(Engine.Epoll));

public sealed class Timeouts() : TimeoutConformance(new LinuxFixture(Engine.Epoll));

public sealed class Cancellations() : CancellationConformance(new LinuxFixture(Engine.Epoll));

public sealed class Polls() : PollConformance(new LinuxFixture(Engine.Epoll));

public sealed class Datagrams() : DatagramConformance(new LinuxFixture(Engine.Epoll));

public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.Epoll));

public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.Epoll));

public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.Epoll));

public sealed class Options() : OptionConformance(new LinuxFixture(Engine.Epoll));

public sealed class Descriptors() : DescriptorConformance(new LinuxFixture(Engine.Epoll));

public sealed class Raws() : RawConformance(new LinuxFixture(Engine.Epoll));

public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.Epoll));

public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.Epoll));

public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.Epoll));

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.Epoll));

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.Epoll));

public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.Epoll));

public sealed class Races() : RaceConformance(new LinuxFixture(Engine.Epoll));

public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.Epoll));

public sealed class UnixNames() : UnixConformance(new LinuxFixture(Engine.Epoll));

public sealed class Names() : NameConformance(new LinuxFixture(Engine.Epoll));

// What is the reactors' own.
public sealed class Threads() : ThreadTests(Engine.Epoll);

public sealed class Lendings() : LendingTests(Engine.Epoll);

public sealed class Containments() : ContainmentTests(Engine.Epoll);

public sealed class Holds() : HeldTests(Engine.Epoll);

public sealed class PlainCalls() : PlainCallTests(Engine.Epoll);

public sealed class Shards() : ShardTests(Engine.Epoll);

public sealed class Edges() : EdgeTests(Engine.Epoll);

public sealed class FirstWaits() : FirstWaitTests(Engine.Epoll);

public sealed class Signals() : SignalTests(Engine.Epoll);

public sealed class Disposals() : DisposalTests(Engine.Epoll);

public sealed class Fairness() : FairnessTests(Engine.Epoll);

public sealed class Allocations() : AllocationTests(Engine.Epoll);

public sealed class Churns() : ChurnTests(Engine.Epoll);

public sealed class Remains() : RemainsTests(Engine.Epoll);

public sealed class Forgotten() : ForgottenTests(Engine.Epoll);

public sealed class Beginnings() : BeginningTests(Engine.Epoll);
