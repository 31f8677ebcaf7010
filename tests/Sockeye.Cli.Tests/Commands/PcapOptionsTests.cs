using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

public sealed class PcapOptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-pcap-");

    private string Recording => Path.Combine(_folder.FullName, "a.pcapng");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--pcap-tls clear", "--pcap-tls is for a recording: write --pcap FILE too")]
    [InlineData("--pcap-size 1MB", "--pcap-size is for a recording: write --pcap FILE too")]
    [InlineData("--pcap-side both", "--pcap-side is for a recording: write --pcap FILE too")]
    [InlineData("--pcap FILE --pcap-side left", "--pcap-side cannot be \"left\": it is client, target or both")]
    [InlineData("--pcap FILE --pcap-tls open", "--pcap-tls cannot be \"open\": it is clear or encrypted")]
    [InlineData("--pcap FILE --pcap-size 0", "--pcap-size cannot be \"0\"")]
    [InlineData("--pcap FILE --pcap-size big", "--pcap-size cannot be \"big\"")]
    [InlineData("--pcap FILE --pcap-size 5iB", "--pcap-size cannot be \"5iB\"")]
    [InlineData("--pcap FILE --pcap-size 99999999999GB", "--pcap-size cannot be")]
    [InlineData("--pcap FILE/none/a", "the recording cannot be written: its folder does not exist")]
    public async Task What_cannot_be_is_said(string options, string expected)
    {
        using StringWriter errors = new();
        CliEnvironment environment = new() { Output = TextWriter.Null, Error = errors, Network = new MemoryNetwork() };
        string[] arguments = ["relay", "tcp://127.0.0.1:0", "tcp://127.0.0.1:9", .. options.Replace("FILE", Recording, StringComparison.Ordinal).Split(' ')];
        int code = await CommandLine.RunAsync(arguments, environment);
        Assert.Equal(ExitCodes.WrongUsage, code);
        Assert.Contains(expected, errors.ToString(), StringComparison.Ordinal);
    }
}
