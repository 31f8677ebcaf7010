namespace Sockeye.Cli.Tests.Programs;

/// <summary>The built program with TLS: the fingerprint it hands over is the one to trust, and its key log holds the secrets.</summary>
public class ServeTlsProcessTests
{
    [Fact]
    public async Task The_fingerprint_that_is_printed_is_trusted_and_the_key_log_is_kept()
    {
        const string Certificate = "certificate SHA-256 ";
        string keys = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", "tls://127.0.0.1:0", "--self-signed", "--keylog", keys);
            Address address = await sockeye.ListensAsync("tls");
            string line = await sockeye.Errors.FindAsync(Certificate);
            string fingerprint = line.Substring(line.IndexOf(Certificate, StringComparison.Ordinal) + Certificate.Length, 95);
            await using (Connection client = await Network.Host.ConnectAsync(
                address, new ConnectorOptions { Tls = new TlsClientOptions { Pins = [fingerprint] } }, TestContext.Current.CancellationToken))
            {
                await client.WriteLineAsync("hello", TestContext.Current.CancellationToken);
                await sockeye.Errors.FindAsync("sent 6 bytes: hello");
            }

            sockeye.Signal(SockeyeProcess.Terminate);
            Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
            string[] secrets = await File.ReadAllLinesAsync(keys, TestContext.Current.CancellationToken);
            Assert.Contains(secrets, secret => secret.StartsWith("CLIENT_RANDOM ", StringComparison.Ordinal) || secret.StartsWith("CLIENT_TRAFFIC_SECRET_0 ", StringComparison.Ordinal));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
        }
        finally
        {
            File.Delete(keys);
        }
    }
}
