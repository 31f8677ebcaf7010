using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Samples;

public sealed class StickyPacketsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Over a Unix socket, where what is sent has arrived: exactly what the handbook's page shows.</summary>
    [Fact]
    public async Task It_prints_what_the_handbook_shows()
    {
        await using Peer sample = Programs.Sample("StickyPackets", $"unix://{_folder.PathOf("sticky.sock")}");

        Assert.Equal(0, await sample.EndAsync());
        string page = await File.ReadAllTextAsync(Path.Combine(Programs.Root, "docs", "handbook", "03-framing.md"));
        Assert.Contains($"$ dotnet run --project samples/StickyPackets\n{sample.Output}```", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("netstring")]
    [InlineData("cobs")]
    public async Task Any_codec_cures_it(string codec)
    {
        await using Peer sample = Programs.Sample("StickyPackets", "tcp://127.0.0.1:0", codec);

        Assert.Equal(0, await sample.EndAsync());
        Assert.EndsWith($"The codec {codec} receives:\n    [hello]\n    [how are you?]\n    [bye]\n", sample.Output, StringComparison.Ordinal);
    }
}
