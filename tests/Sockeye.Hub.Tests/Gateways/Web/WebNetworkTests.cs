namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>The page is on the hub's network, whichever that is.</summary>
public sealed class WebNetworkTests
{
    [Fact]
    public async Task A_hub_runs_in_memory_with_every_door()
    {
        await using MemoryNetwork network = new();
        HubOptions options = new() { Web = "http://127.0.0.1:80", Text = "tcp://127.0.0.1:23", Udp = HubOptions.Off, Unix = HubOptions.Off };
        await using WebHub hub = await WebHub.StartAsync(options, network);
        using HttpClient files = new(network.CreateHttpHandler());
        string index = await files.GetStringAsync(new Uri("http://127.0.0.1/"), TestContext.Current.CancellationToken);
        using WebPage page = await WebPage.OpenAsAsync(hub.Page, "Tom", configure: handler => handler.ConnectCallback = network.CreateHttpHandler().ConnectCallback);
        await using Connection text = await network.ConnectAsync("tcp://127.0.0.1:23");
        StreamReader lines = new(text.AsStream());
        await text.WriteLineAsync("Ann");
        await page.SendAsync(new { type = "say", room = "lobby", text = "hello", key = "k1" });

        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("hello", StringComparison.Ordinal))
        {
        }

        Assert.Contains("<html", index, StringComparison.Ordinal);
    }
}
