// Every suite over every network: a further network is a fixture and a line of each.
using Sockeye.AspNetCore.Tests.Serving;
using Sockeye.AspNetCore.Tests.Transport;

namespace Sockeye.AspNetCore.Tests;

public sealed class StockTransportTests() : TransportTests(new StockFixture());

public sealed class HostTransportTests() : TransportTests(new HostFixture());

public sealed class MemoryTransportTests() : TransportTests(new MemoryFixture());

public sealed class StockPressureTests() : PressureTests(new StockFixture());

public sealed class HostPressureTests() : PressureTests(new HostFixture());

public sealed class MemoryPressureTests() : PressureTests(new MemoryFixture());

public sealed class StockWebTests() : WebTests(new StockFixture());

public sealed class HostWebTests() : WebTests(new HostFixture());

public sealed class MemoryWebTests() : WebTests(new MemoryFixture());
