using System.Net;

namespace Sockeye.Hub.Tests;

/// <summary>Which of a machine's addresses others are told.</summary>
public class InterfaceAddressesTests
{
    private static readonly IPAddress[] Machine = [IPAddress.Parse("192.168.1.20"), IPAddress.Parse("fd00::2")];

    [Fact]
    public void Those_that_others_can_use_come_by_how_likely_that_is() => Assert.Equal(
        ["192.168.1.20", "2001:db8::2", "10.0.0.1", "fd00::2", "169.254.3.4"],
        InterfaceAddresses.Choose(
        [
            (IPAddress.Loopback, false), (IPAddress.IPv6Loopback, false), (IPAddress.Parse("169.254.3.4"), false), (IPAddress.Parse("fe80::1"), true),
            (IPAddress.Parse("fd00::2"), false), (IPAddress.Parse("10.0.0.1"), false), (IPAddress.Parse("2001:db8::2"), true), (IPAddress.Parse("192.168.1.20"), true),
        ]).Select(address => address.ToString()));

    [Fact]
    public void Nobody_reads_a_hundred() =>
        Assert.Equal(8, InterfaceAddresses.Choose(Enumerable.Range(1, 100).Select(last => (new IPAddress([10, 0, 0, (byte)last]), true))).Count);

    [Theory]
    [InlineData("tcp://*:8888", "tcp://192.168.1.20:8888 tcp://[fd00::2]:8888")]
    [InlineData("http://[::]:8080", "http://192.168.1.20:8080 http://[fd00::2]:8080")]
    [InlineData("https://0.0.0.0:8080", "https://192.168.1.20:8080")]
    [InlineData("udp://0.0.0.0:9000", "udp://192.168.1.20:9000")]
    [InlineData("tcp6://[::]:8888", "tcp6://[fd00::2]:8888")]
    [InlineData("tcp://[::]:8888?v6only", "tcp://[fd00::2]:8888?v6only=true")]
    [InlineData("tcp://127.0.0.1:8888", "")]
    [InlineData("tcp://10.1.2.3:8888", "")]
    [InlineData("unix:///run/hub.sock", "")]
    public void A_door_on_all_interfaces_is_told_by_each_address(string door, string expected) =>
        Assert.Equal(expected, string.Join(' ', InterfaceAddresses.Expand(door, Machine)));

    [Theory]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("https://10.1.2.3:8080", "https://10.1.2.3:8080")]
    public void This_machine_itself_goes_to_the_loopback(string door, string expected) => Assert.Equal(expected, InterfaceAddresses.OnLoopback(door));

    /// <summary>Whatever machine this is: what it has is no loopback, and a hub on all interfaces can be reached by it.</summary>
    [Fact]
    public async Task A_hub_on_all_interfaces_is_reached_by_what_it_tells()
    {
        await using HubServer hub = await HubServer.StartAsync(new HubOptions { Text = "tcp://*:0", Web = "http://*:0" });

        Assert.Equal(2 * InterfaceAddresses.OfThisMachine().Count, hub.LanAddresses.Count);
        Assert.StartsWith("http://127.0.0.1:", hub.PageAddress, StringComparison.Ordinal);
        foreach (string address in hub.LanAddresses)
        {
            Address door = Address.Parse(address);
            Assert.False(IPAddress.IsLoopback(IPAddress.Parse(door.Host)));
            await using Connection connection = await Network.Host.ConnectAsync($"tcp://{(door.Host.Contains(':') ? $"[{door.Host}]" : door.Host)}:{door.Port}");
        }
    }
}
