using System.Net;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways;
using Sockeye.Hub.Running;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways;

/// <summary>Where a browser that came to another door is sent.</summary>
public sealed class PageAddressTests
{
    private readonly GatewayContext _context = new(
        new HubLoop(new Chat(new HubId("one"), new ChatLimits(), new NameRules()), new MemoryStore(), new LocalBus(), TimeProvider.System), Network.Host, new HubOptions());

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:8080")]
    [InlineData("192.0.2.2", "http://192.0.2.2:8080")]
    [InlineData("::ffff:192.0.2.2", "http://192.0.2.2:8080")]
    [InlineData("fd00::2", "http://[fd00::2]:8080")]
    public void A_page_on_all_interfaces_is_where_the_visitor_is_already(string local, string page)
    {
        _context.PageAddress = "http://127.0.0.1:8080";
        _context.IsPageOnAll = true;
        Assert.Equal(page, _context.PageAddressAt(new IPEndPoint(IPAddress.Parse(local), 8888)));
    }

    [Fact]
    public void A_page_at_one_address_is_there()
    {
        _context.PageAddress = "https://127.0.0.1:8080";
        Assert.Equal("https://127.0.0.1:8080", _context.PageAddressAt(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 8888)));
        _context.PageAddress = null;
        Assert.Null(_context.PageAddressAt(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 8888)));
    }
}
