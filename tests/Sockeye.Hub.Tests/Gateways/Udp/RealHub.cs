namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>A hub of the operating system's network, with its text and UDP doors and a store on disk.</summary>
internal sealed class RealHub : ServedHub
{
    private RealHub(HubServer server)
        : base(server)
    {
        Text = server.Addresses.First(address => address.StartsWith("tcp", StringComparison.Ordinal));
        Udp = server.Addresses.First(address => address.StartsWith("udp", StringComparison.Ordinal));
    }

    public Address Text { get; }

    public Address Udp { get; }

    public static async Task<RealHub> StartAsync(string folder, string udp = "udp://127.0.0.1:0") => new(await HubServer.StartAsync(new HubOptions
    {
        DataDirectory = folder,
        Text = "tcp://127.0.0.1:0",
        Udp = udp,
        Unix = HubOptions.Off,
        Web = HubOptions.Off,
    }));
}
