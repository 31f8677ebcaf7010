// The suite over the operating system's network, on Linux with its own system calls.
namespace Sockeye.Tests.Conformance.Host;

public sealed class Streams() : StreamConformance(new HostFixture());

public sealed class HalfCloses() : HalfCloseConformance(new HostFixture());

public sealed class Accepts() : AcceptConformance(new HostFixture());

public sealed class Connects() : ConnectConformance(new HostFixture());

public sealed class Timeouts() : TimeoutConformance(new HostFixture());

public sealed class Cancellations() : CancellationConformance(new HostFixture());

public sealed class Polls() : PollConformance(new HostFixture());
