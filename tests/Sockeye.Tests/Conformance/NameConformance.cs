using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Names, as far as they need no name server.</summary>
public abstract class NameConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public Task An_address_resolves_to_itself(string text) => RunAsync(async () =>
        Assert.Equal([IPAddress.Parse(text)], await Fixture.Client.ResolveAsync(text)));

    [Fact]
    public Task Localhost_is_this_host() => RunAsync(async () =>
    {
        IPAddress[] addresses = await Fixture.Client.ResolveAsync("localhost");
        Assert.All(addresses, address => Assert.True(IPAddress.IsLoopback(address)));
        Assert.Equal([IPAddress.Loopback], await Fixture.Client.ResolveAsync("localhost", AddressFamily.InterNetwork));
    });

    [Fact]
    public Task A_host_has_a_name() => RunAsync(() =>
    {
        Assert.NotEmpty(Fixture.Client.HostName);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Resolving_can_be_cancelled_and_needs_a_name() => RunAsync(async () =>
    {
        await CancelledAsync(async () => await Fixture.Client.ResolveAsync("localhost", cancellationToken: new CancellationToken(canceled: true)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Fixture.Client.ResolveAsync(""));
    });
}
