// The suite over the reactors with rings that are always too small: two requests, two completions, one slot.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.TinyRings;

public sealed class Streams() : StreamConformance(new LinuxFixture(Engine.TinyRings));

public sealed class HalfCloses() : HalfCloseConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Accepts() : AcceptConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Connects() : ConnectConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Timeouts() : TimeoutConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Cancellations() : CancellationConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Polls() : PollConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Datagrams() : DatagramConformance(new LinuxFixture(Engine.TinyRings));

public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.TinyRings));

public sealed class DatagramBatches() : DatagramBatchConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Seqpackets() : SeqpacketConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Options() : OptionConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Descriptors() : DescriptorConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Raws() : RawConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Misuses() : MisuseConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Contexts() : ContextConformance(new LinuxFixture(Engine.TinyRings));

public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.TinyRings));

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.TinyRings));

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Races() : RaceConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Observers() : ObserverConformance(new LinuxFixture(Engine.TinyRings));

public sealed class UnixNames() : UnixConformance(new LinuxFixture(Engine.TinyRings));

public sealed class Names() : NameConformance(new LinuxFixture(Engine.TinyRings));

// What is the reactors' own.
public sealed class Threads() : ThreadTests(Engine.TinyRings);

public sealed class Lendings() : LendingTests(Engine.TinyRings);

public sealed class Containments() : ContainmentTests(Engine.TinyRings);

public sealed class Holds() : HeldTests(Engine.TinyRings);

public sealed class PlainCalls() : PlainCallTests(Engine.TinyRings);

public sealed class Shards() : ShardTests(Engine.TinyRings);

public sealed class Edges() : EdgeTests(Engine.TinyRings);

public sealed class FirstWaits() : FirstWaitTests(Engine.TinyRings);

public sealed class Signals() : SignalTests(Engine.TinyRings);

public sealed class Disposals() : DisposalTests(Engine.TinyRings);

public sealed class Fairness() : FairnessTests(Engine.TinyRings);

public sealed class Churns() : ChurnTests(Engine.TinyRings);

public sealed class Remains() : RemainsTests(Engine.TinyRings);

public sealed class Forgotten() : ForgottenTests(Engine.TinyRings);

public sealed class Beginnings() : BeginningTests(Engine.TinyRings);
