// Serving over the network in memory.
namespace Sockeye.Tests.Serving.MemorySuite;

public sealed class Servers() : ServerTests(new MemoryServing());

public sealed class Limits() : ServerLimitTests(new MemoryServing());

public sealed class IdleTimes() : ServerIdleTests(new MemoryServing());

public sealed class Drains() : ServerDrainTests(new MemoryServing());

public sealed class Faults() : ServerFaultTests(new MemoryServing());

public sealed class ServiceActions() : ServiceActionTests(new MemoryServing());

public sealed class Middlewares() : MiddlewareTests(new MemoryServing());

public sealed class Datagrams() : DatagramServerTests(new MemoryServing());
