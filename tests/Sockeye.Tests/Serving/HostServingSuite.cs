// Serving over the operating system.
namespace Sockeye.Tests.Serving.HostSuite;

public sealed class Servers() : ServerTests(new HostServing());

public sealed class Limits() : ServerLimitTests(new HostServing());

public sealed class IdleTimes() : ServerIdleTests(new HostServing());

public sealed class Drains() : ServerDrainTests(new HostServing());

public sealed class Faults() : ServerFaultTests(new HostServing());

public sealed class ServiceActions() : ServiceActionTests(new HostServing());

public sealed class Middlewares() : MiddlewareTests(new HostServing());

public sealed class Datagrams() : DatagramServerTests(new HostServing());
