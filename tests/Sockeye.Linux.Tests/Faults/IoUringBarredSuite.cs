// A sample of the suite where the process may not set io_uring up: the reactors take epoll.
using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.IoUringBarred;

public sealed class ConnectionsReading() : ConnectionReadingConformance(new LinuxFixture(Engine.IoUringBarred));

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new LinuxFixture(Engine.IoUringBarred));

public sealed class Listeners() : ListenerConformance(new LinuxFixture(Engine.IoUringBarred));

public sealed class DatagramSockets() : DatagramSocketConformance(new LinuxFixture(Engine.IoUringBarred));
