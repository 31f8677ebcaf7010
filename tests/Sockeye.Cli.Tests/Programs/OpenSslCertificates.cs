using System.Diagnostics;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>An authority and what it has issued for 127.0.0.1, made by OpenSSL: a good certificate, an expired one, and one of somebody else. All have one key.</summary>
public sealed class OpenSslCertificates : IAsyncLifetime
{
    public static readonly DateTimeOffset ExpiredAt = new(2021, 2, 3, 4, 5, 6, TimeSpan.Zero);

    /// <summary>Of <c>openssl ca</c>, which alone can say when a certificate begins and ends.</summary>
    private const string Configuration = """
        [ca]
        default_ca = all
        [all]
        database = index
        serial = serial
        new_certs_dir = .
        default_md = sha256
        policy = any
        unique_subject = no
        copy_extensions = copy
        [any]
        commonName = supplied
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-openssl-");

    public string Authority => PathOf("ca.pem");

    public string Key => PathOf("key.pem");

    public string Good => PathOf("good.pem");

    public string Expired => PathOf("expired.pem");

    public string Stranger => PathOf("stranger.pem");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(PathOf("ca.conf"), Configuration + "\n");
        await File.WriteAllTextAsync(PathOf("index"), "");
        await File.WriteAllTextAsync(PathOf("serial"), "01\n");
        await RunAsync("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2");
        await RunAsync("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out key.csr -subj /CN=alice -addext subjectAltName=IP:127.0.0.1");
        await RunAsync("req -x509 -key key.pem -out stranger.pem -subj /CN=mallory -days 2");
        await IssueAsync("good.pem -days 2");
        await IssueAsync($"expired.pem -startdate 20200102030405Z -enddate {ExpiredAt:yyyyMMddHHmmss}Z");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private Task IssueAsync(string fileAndDates) =>
        RunAsync($"ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in key.csr -out {fileAndDates}");

    private async Task RunAsync(string command)
    {
        using Process process = OpenSsl.Start(_folder.FullName, command.Split(' '));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
