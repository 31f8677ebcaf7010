using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Hub;

/// <summary>The QR code that a hub draws for others in the network, by a reader that nobody here wrote.</summary>
public class HubQrTests
{
    [Fact]
    public async Task A_reader_finds_the_page_in_it()
    {
        using ScratchFolder folder = new();

        // What this machine's interfaces are is not looked at: it may have none that others reach.
        string settings = folder.PathOf("settings.json");
        await File.WriteAllTextAsync(settings, """{ "advertise": "192.0.2.20, 2001:db8::20" }""");
        await using Peer reader = Programs.QrReader(
            "hub", "--data", folder.PathOf("data"), "--config", settings, "--text", "tcp://*:0", "--web", "http://*:0", "--udp", "off");

        Assert.Matches(@"^http://192\.0\.2\.20:\d+$", await reader.LineAfterAsync("code "));
        Assert.Equal(@"['\x1b[0m', '\x1b[38;5;16;48;5;231m']", await reader.LineAfterAsync("sequences "));
        Assert.Equal("0", await reader.LineAfterAsync("ended "));
        Assert.Equal(0, await reader.EndAsync());
    }

    [Fact]
    public async Task Where_nobody_else_comes_in_there_is_none()
    {
        using ScratchFolder folder = new();
        await using Peer reader = Programs.QrReader(
            "hub", "--data", folder.PathOf("data"), "--text", "tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0", "--udp", "off");

        Assert.Equal("missing", await reader.LineAfterAsync("code "));
        Assert.Equal("[]", await reader.LineAfterAsync("sequences "));
        Assert.Equal("0", await reader.LineAfterAsync("ended "));
    }
}
