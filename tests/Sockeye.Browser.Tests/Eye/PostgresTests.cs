using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Sockeye.Interop.Tests.Peers;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>A real client talks to a real server, and the eye sees it: PostgreSQL, by each way to ask for a password.</summary>
public sealed class PostgresTests(Chromium chromium) : EyeTests(chromium)
{
    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    [InlineData("password")]
    public async Task A_session_of_PostgreSQL_is_seen_and_what_logs_in_is_not(string authentication)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(authentication);

        // All of it is in the document when all of it fits.
        Viewer ana = await OpenAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 2400 } });
        Task relaying = Eye.RelayNextAsync(server.Address);
        await using Peer client = PostgresServer.Client(Eye.Door.Address.Port);
        await client.TypeAsync("SELECT 'sal' || 'mon';");
        await client.SaysAsync("salmon");
        await relaying.WaitAsync(Hang.Limit);
        await client.TypeAsync("CREATE USER bo PASSWORD 'correct horse';");
        await client.SaysAsync("CREATE ROLE");
        await client.TypeAsync("SELECT 1 / 0;");
        await client.SaysOnErrorsAsync("division by zero");

        await ana.LookAtAsync(1);
        await Expect(Saying(ana, "up", "SELECT 'sal' || 'mon'")).ToHaveCountAsync(1);
        await Expect(Saying(ana, "down", "salmon")).ToHaveCountAsync(1);
        await Expect(Saying(ana, "down", "division by zero")).ToHaveCountAsync(1);
        await Expect(Saying(ana, "up", "user·fish")).ToHaveCountAsync(1);
        await ana.ChooseAsync("CREATE USER bo");
        await Expect(ana.Panel).ToContainTextAsync("CREATE USER bo PASSWORD '*************'");
        await ana.ShotAsync($"eye-11-postgres-{authentication}-desk");

        client.EndInput();
        Assert.Equal(0, await client.EndAsync());
        await Expect(ana.Page.Locator("#talk-facts")).ToContainTextAsync("closed");
        await ana.ShotAsync($"eye-11-postgres-{authentication}-end");
        await AssertNoSecretsAsync(ana, authentication);
    }

    private static ILocator Saying(Viewer viewer, string way, string text) => viewer.Page.Locator($".event.{way}.data").Filter(new LocatorFilterOptions { HasText = text });

    /// <summary>In nothing that came to the page, nor in anything that it may ask for.</summary>
    private async Task AssertNoSecretsAsync(Viewer viewer, string authentication)
    {
        using HttpClient http = new() { BaseAddress = new Uri(Eye.Page.Address) };
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        StringBuilder all = new(Encoding.Latin1.GetString(await http.GetByteArrayAsync("/api/pcapng", cancelled)));
        JsonElement told = (await JsonDocument.ParseAsync(await http.GetStreamAsync("/api/conversations/1/events", cancelled), default, cancelled)).RootElement;
        JsonElement[] events = [.. told.GetProperty("events").EnumerateArray()];
        foreach (JsonElement happened in events)
            all.Append(Encoding.Latin1.GetString(await http.GetByteArrayAsync($"/api/conversations/1/events/{happened.GetProperty("index").GetInt32()}/bytes", cancelled)));
        foreach (string frame in viewer.Received)
            all.Append(frame).Append(Previews(frame));
        string seen = all.ToString();

        Assert.Contains("salmon", seen, StringComparison.Ordinal);
        Assert.Contains(events, happened => happened.TryGetProperty("masked", out JsonElement masked) && masked.GetInt32() > 0);
        Assert.DoesNotContain(PostgresServer.Password, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", seen, StringComparison.Ordinal);
        if (authentication == "scram-sha-256")
        {
            // Asked for by its name, and then nothing of what either side proves (RFC 5802, section 7).
            Assert.Contains("SCRAM-SHA-256", seen, StringComparison.Ordinal);
            Assert.DoesNotMatch("p=[A-Za-z0-9+/]{43}=", seen);
            Assert.DoesNotMatch("v=[A-Za-z0-9+/]{43}=", seen);
        }

        Assert.DoesNotMatch("md5[0-9a-f]{32}", seen);
    }

    private static string Previews(string frame) => string.Concat(
        JsonDocument.Parse(frame).RootElement is { } told && told.TryGetProperty("events", out JsonElement events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Select(happened => happened.TryGetProperty("preview", out JsonElement preview) ? Encoding.Latin1.GetString(preview.GetBytesFromBase64()) : "")
            : []);
}
