// Every suite over every network: a further network is a fixture and a line of each.
using Sockeye.AspNetCore.Tests.Serving;
using Sockeye.AspNetCore.Tests.Transport;

namespace Sockeye.AspNetCore.Tests;

public sealed class StockTransportTests() : TransportTests(new StockFixture());

public sealed class HostTransportTests() : TransportTests(new HostFixture());

public sealed class MemoryTransportTests() : TransportTests(new MemoryFixture());

public sealed class EpollTransportTests() : TransportTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringTransportTests() : TransportTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class InlineEpollTransportTests() : TransportTests(new LinuxFixture(LinuxBackend.Epoll, runsInline: true));

public sealed class InlineIoUringTransportTests() : TransportTests(new LinuxFixture(LinuxBackend.IoUring, runsInline: true));

public sealed class StockPressureTests() : PressureTests(new StockFixture());

public sealed class HostPressureTests() : PressureTests(new HostFixture());

public sealed class MemoryPressureTests() : PressureTests(new MemoryFixture());

public sealed class EpollPressureTests() : PressureTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringPressureTests() : PressureTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class InlineEpollPressureTests() : PressureTests(new LinuxFixture(LinuxBackend.Epoll, runsInline: true));

public sealed class InlineIoUringPressureTests() : PressureTests(new LinuxFixture(LinuxBackend.IoUring, runsInline: true));

public sealed class StockTlsTransportTests() : TlsTransportTests(new StockFixture());

public sealed class HostTlsTransportTests() : TlsTransportTests(new HostFixture());

public sealed class MemoryTlsTransportTests() : TlsTransportTests(new MemoryFixture());

public sealed class EpollTlsTransportTests() : TlsTransportTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringTlsTransportTests() : TlsTransportTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class InlineEpollTlsTransportTests() : TlsTransportTests(new LinuxFixture(LinuxBackend.Epoll, runsInline: true));

public sealed class InlineIoUringTlsTransportTests() : TlsTransportTests(new LinuxFixture(LinuxBackend.IoUring, runsInline: true));

public sealed class StockWebTests() : WebTests(new StockFixture());

public sealed class HostWebTests() : WebTests(new HostFixture());

public sealed class MemoryWebTests() : WebTests(new MemoryFixture());

public sealed class EpollWebTests() : WebTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringWebTests() : WebTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class InlineEpollWebTests() : WebTests(new LinuxFixture(LinuxBackend.Epoll, runsInline: true));

public sealed class InlineIoUringWebTests() : WebTests(new LinuxFixture(LinuxBackend.IoUring, runsInline: true));

public sealed class HostListenAddressTests() : ListenAddressTests(new HostFixture());

public sealed class MemoryListenAddressTests() : ListenAddressTests(new MemoryFixture());

public sealed class EpollListenAddressTests() : ListenAddressTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringListenAddressTests() : ListenAddressTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class HostHttpHandlerTests() : HttpHandlerTests(new HostFixture());

public sealed class MemoryHttpHandlerTests() : HttpHandlerTests(new MemoryFixture());

public sealed class EpollHttpHandlerTests() : HttpHandlerTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringHttpHandlerTests() : HttpHandlerTests(new LinuxFixture(LinuxBackend.IoUring));

public sealed class InlineEpollHttpHandlerTests() : HttpHandlerTests(new LinuxFixture(LinuxBackend.Epoll, runsInline: true));

public sealed class InlineIoUringHttpHandlerTests() : HttpHandlerTests(new LinuxFixture(LinuxBackend.IoUring, runsInline: true));

public sealed class StockCurlTests() : CurlTests(new StockFixture());

public sealed class HostCurlTests() : CurlTests(new HostFixture());

public sealed class EpollCurlTests() : CurlTests(new LinuxFixture(LinuxBackend.Epoll));

public sealed class IoUringCurlTests() : CurlTests(new LinuxFixture(LinuxBackend.IoUring));
