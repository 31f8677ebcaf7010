using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sockeye.AspNetCore.Tests.Handbook;

/// <summary>What the package's page shows.</summary>
public sealed class PackagePageTests
{
    static PackagePageTests() => QuietLogs.Set();

    [Fact]
    public async Task A_web_application_runs_in_memory()
    {
        // snippet: package-memory-web
        await using MemoryNetwork network = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSockeye(network).UseUrls("http://shop.example:80");
        await using WebApplication shop = builder.Build();
        shop.MapGet("/price/{item}", (string item) => item == "tea" ? "3.20" : "not sold here");
        await shop.StartAsync();

        network.AddName("shop.example", IPAddress.Loopback);
        using HttpClient client = new(network.CreateHttpHandler());
        string price = await client.GetStringAsync("http://shop.example/price/tea");
        // end snippet

        Assert.Equal("3.20", price);
    }
}
