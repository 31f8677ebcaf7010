using System.Net.Sockets;
using Sockeye.Hub.Gateways;

namespace Sockeye.Hub.Tests;

/// <summary>How a hub opens its doors: where it was told to, or says so; all of them, or none.</summary>
public sealed class HubStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-start-").FullName;
    private readonly List<string> _notices = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_default_port_that_is_taken_is_left_for_the_next_one_and_that_is_told()
    {
        await using MemoryNetwork network = new();
        await using Listener first = await network.ListenAsync("tcp://127.0.0.1:8888");
        await using Listener second = await network.ListenAsync("tcp://127.0.0.1:8889");

        await using HubServer hub = await HubServer.StartAsync(Options(), network);

        Assert.Contains("tcp://127.0.0.1:8890", hub.Addresses);
        Assert.Equal("port 8888 is taken: tcp://127.0.0.1:8890 instead of tcp://127.0.0.1:8888", Assert.Single(_notices));
    }

    /// <summary>It is the default port that somebody else has, so this one is given it: the first that is free is asked for as the default is.</summary>
    [Fact]
    public async Task Who_has_a_default_port_is_told_as_far_as_it_is_known()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Who has a port is read from Linux's /proc.");
        await using Listener first = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        int port = Address.FromEndPoint(first.LocalEndPoints[0]).Port;
        List<Listener> opened = [];

        opened.Add(await DoorAddress.OpenAsync(
            null, $"tcp://127.0.0.1:{port}", Options(), address => Network.Host.ListenAsync(address)));

        await opened[0].DisposeAsync();
        Assert.StartsWith($"port {port} is taken, another socket of this program has it: tcp://127.0.0.1:", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_start_is_told_why_and_nothing_else()
    {
        await using MemoryNetwork network = new();
        await using Listener first = await network.ListenAsync("tcp://127.0.0.1:8888");
        await using DatagramSocket second = await network.OpenDatagramAsync("udp://127.0.0.1:7777");
        HubOptions options = Options() with { Udp = "udp://127.0.0.1:7777", DataDirectory = _folder, Unix = HubOptions.Off };

        await Assert.ThrowsAsync<SocketException>(() => HubServer.StartAsync(options, network));
        Assert.Empty(_notices);

        await using HubServer hub = await HubServer.StartAsync(options with { Udp = HubOptions.Off }, network);
        Assert.Equal(["keeps everything in", "port 8888 is taken:"], _notices.Select(notice => notice[..19].TrimEnd()));
    }

    [Fact]
    public async Task Others_are_told_the_addresses_that_were_given_instead_of_the_machines()
    {
        await using MemoryNetwork network = new();

        await using HubServer hub = await HubServer.StartAsync(Options() with { Lan = true, Advertise = "192.0.2.20, 2001:db8::20" }, network);

        Assert.Equal(["tcp://192.0.2.20:8888", "tcp://[2001:db8::20]:8888"], hub.LanAddresses);
    }

    [Fact]
    public void What_would_not_start_is_known_without_opening_anything()
    {
        string directory = Path.Combine(_folder, "new");
        HubOptions options = new() { DataDirectory = directory };
        HubServer.Check(options);

        Assert.Equal(nameof(HubOptions.Web), Assert.Throws<HubOptionException>(() => HubServer.Check(options with { Web = "tcp://x" })).Option);
        Assert.Equal(nameof(HubOptions.TlsCertificate), Assert.Throws<HubOptionException>(() => HubServer.Check(options with { TlsCertificate = Path.Combine(_folder, "none.pem") })).Option);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task For_the_network_doors_without_an_address_of_their_own_are_on_all_interfaces()
    {
        await using MemoryNetwork network = new();

        await using HubServer hub = await HubServer.StartAsync(Options() with { Udp = null, Unix = "unix:///run/hub.sock", Lan = true }, network);
        await using HubServer mine = await HubServer.StartAsync(Options() with { Text = "tcp://127.0.0.1:7777", Lan = true }, network);

        Assert.Equal(["tcp://*:8888", "unix:///run/hub.sock", "udp://*:9000"], hub.Addresses);
        Assert.Equal(["tcp://127.0.0.1:7777"], mine.Addresses);
        Assert.Empty(mine.LanAddresses);
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_an_error()
    {
        await using MemoryNetwork network = new();
        await using Listener first = await network.ListenAsync("tcp://127.0.0.1:7777");

        SocketException error = await Assert.ThrowsAsync<SocketException>(() => HubServer.StartAsync(Options() with { Text = "tcp://127.0.0.1:7777" }, network));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_door_that_cannot_open_closes_the_others_and_gives_the_directory_back(bool isWeb)
    {
        await using Listener taken = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        int port = Address.FromEndPoint(taken.LocalEndPoints[0]).Port;
        string socket = Path.Combine(_folder, "hub.sock");
        HubOptions good = new() { DataDirectory = _folder, Text = "tcp://127.0.0.1:0", Web = "http://127.0.0.1:0", Udp = "udp://127.0.0.1:0" };
        HubOptions wrong = isWeb ? good with { Web = $"http://127.0.0.1:{port}" } : good with { Text = $"tcp://127.0.0.1:{port}" };

        SocketException error = await Assert.ThrowsAsync<SocketException>(() => HubServer.StartAsync(wrong));

        Assert.Contains(OperatingSystem.IsLinux() ? "another socket of this program has it" : "in use", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(socket));
        await using HubServer hub = await HubServer.StartAsync(good);
        Assert.True(File.Exists(socket));
    }

    /// <summary>198.51.100.0/24 is for documentation (RFC 5737): no interface has it.</summary>
    [Theory]
    [InlineData("tcp://198.51.100.7:0", "off")]
    [InlineData("off", "http://198.51.100.7:0")]
    public async Task An_address_that_this_machine_does_not_have_says_what_to_try(string text, string web)
    {
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => HubServer.StartAsync(Options() with { Text = text, Web = web }));

        Assert.Contains("use an address of this machine, or * for every interface", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A second Ctrl-C may come before what the first began has closed anything.</summary>
    [Fact]
    public async Task Closed_at_once_it_leaves_no_file_of_a_socket()
    {
        await using HubServer hub = await HubServer.StartAsync(Options() with { DataDirectory = _folder, Text = HubOptions.Off });
        Assert.True(File.Exists(Path.Combine(_folder, "hub.sock")));

        hub.Close();

        Assert.False(File.Exists(Path.Combine(_folder, "hub.sock")));
    }

    [Fact]
    public async Task An_option_that_cannot_be_touches_nothing()
    {
        string directory = Path.Combine(_folder, "new");

        await Assert.ThrowsAsync<HubOptionException>(() => HubServer.StartAsync(new HubOptions { DataDirectory = directory, Text = "of" }));

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_directory_whose_name_is_too_long_for_a_socket_has_none_and_that_is_told()
    {
        string directory = Path.Combine(_folder, new string('x', 120));

        await using HubServer hub = await HubServer.StartAsync(Options() with { DataDirectory = directory, Web = HubOptions.Off });

        Assert.DoesNotContain(hub.Addresses, address => address.StartsWith("unix", StringComparison.Ordinal));
        Assert.Contains(_notices, notice => notice.StartsWith("no Unix socket:", StringComparison.Ordinal));
    }

    /// <summary>Doors of the network in memory: the page's is always the system's.</summary>
    private HubOptions Options() => new() { Web = HubOptions.Off, Udp = HubOptions.Off, Text = null, OnNotice = _notices.Add };
}
