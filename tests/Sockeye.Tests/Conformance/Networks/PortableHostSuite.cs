// The suite over the operating system's network through System.Net.Sockets alone.
namespace Sockeye.Tests.Conformance.PortableHost;

public sealed class Streams() : StreamConformance(new PortableHostFixture());

public sealed class HalfCloses() : HalfCloseConformance(new PortableHostFixture());

public sealed class Accepts() : AcceptConformance(new PortableHostFixture());

public sealed class Connects() : ConnectConformance(new PortableHostFixture());

public sealed class Timeouts() : TimeoutConformance(new PortableHostFixture());

public sealed class Cancellations() : CancellationConformance(new PortableHostFixture());

public sealed class Polls() : PollConformance(new PortableHostFixture());
