using System.Globalization;
using System.Text.RegularExpressions;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Hubs;
using Sockeye.Hub;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary>The file of a hub's settings, under a command line. The environment is the process's own: HubProcessTests.</summary>
public sealed class HubSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-settings-").FullName;

    private string FilePath => Path.Combine(_folder, "hub.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_key_of_the_file_is_taken_and_the_command_line_is_over_it()
    {
        File.WriteAllText(FilePath, """
            { // as .NET's settings have it, with remarks
              "text": "tcp://127.0.0.1:1", "udp": "off", "unix": "off", "web": "http://127.0.0.1:2", "lan": true,
              "tlsCertificate": "cert.pem", "tlsKey": "/keys/key.pem",
              "textConnectionsMax": 3, "TextConnectionsPerAddressMax": 4, "webConnectionsMax": 5, "webConnectionsPerAddressMax": 6, "limitsLoopback": true,
              "queueMessagesMax": 7, "queueBytesMax": 80000, "drainTimeout": "1.5s"
            }
            """);

        HubOptions options = Read(("text", "tcp://127.0.0.1:9", "--text")).Options;

        Assert.Equal(("tcp://127.0.0.1:9", "off", "off", "http://127.0.0.1:2"), (options.Text, options.Udp, options.Unix, options.Web));
        Assert.Equal((true, true), (options.Lan, options.LimitsLoopback));
        Assert.Equal((Path.Combine(_folder, "cert.pem"), "/keys/key.pem"), (options.TlsCertificate, options.TlsKey));
        Assert.Equal((3, 4, 5, 6), (options.TextConnectionsMax, options.TextConnectionsPerAddressMax, options.WebConnectionsMax, options.WebConnectionsPerAddressMax));
        Assert.Equal((7, 80000, TimeSpan.FromSeconds(1.5)), (options.QueueMessagesMax, options.QueueBytesMax, options.DrainTimeout));
        Assert.Equal(_folder, options.DataDirectory);
    }

    [Theory]
    [InlineData("""{ "txet": "off" }""", "\"txet\" in FILE: there is no such key; did you mean text?")]
    [InlineData("""{ "queMessagesMax": 3 }""", "\"queMessagesMax\" in FILE: there is no such key; did you mean queueMessagesMax?")]
    [InlineData("""{ "colour": "red" }""", "\"colour\" in FILE: there is no such key; known: text, udp, unix, web, lan,")]
    [InlineData("""{ "onNotice": "x" }""", "there is no such key")]
    [InlineData("""{ "invitesAnotherOwner": true }""", "there is no such key")]
    [InlineData("""{ "queueMessagesMax": "many" }""", "\"queueMessagesMax\" in FILE cannot be \"many\": it is a whole number")]
    [InlineData("""{ "queueMessagesMax": 1e3 }""", "cannot be \"1e3\"")]
    [InlineData("""{ "lan": "yes" }""", "\"lan\" in FILE cannot be \"yes\": it is true or false")]
    [InlineData("""{ "lan": { "on": true } }""", "\"lan\" in FILE: it is one value, not an object or a list")]
    [InlineData("""{ "text": ["a", "b"] }""", "\"text\" in FILE: it is one value, not an object or a list")]
    [InlineData("""{ "text": "a\u0000b" }""", "it is a text without a NUL")]
    [InlineData("""{ "drainTimeout": 5 }""", "\"drainTimeout\" in FILE cannot be \"5\": a time is a number with ms, s, m or h")]
    [InlineData("""{ "data": "elsewhere" }""", "\"data\" in FILE: the file is in the data directory itself")]
    [InlineData("""{ "lan": true, "lan": false }""", "FILE is no JSON object: A duplicate key 'lan' was found")]
    [InlineData("[1]", "FILE is no JSON object: ")]
    [InlineData("{", "FILE is no JSON object: ")]
    [InlineData("", "FILE is no JSON object: ")]
    public void What_is_wrong_in_the_file_is_said_of_its_key(string json, string expected)
    {
        File.WriteAllText(FilePath, json);

        Assert.Contains(expected.Replace("FILE", FilePath, StringComparison.Ordinal), Assert.Throws<UsageException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_itself_finds_wrong_is_said_of_where_it_was_given()
    {
        File.WriteAllText(FilePath, """{ "queueMessagesMax": 0 }""");
        HubSettings settings = Read(("text", "of", "--text"));

        Assert.Equal($"\"queueMessagesMax\" in {FilePath}: it cannot be 0", settings.Explain(new HubOptionException(nameof(HubOptions.QueueMessagesMax), "it cannot be 0")).Message);
        Assert.Equal("--text: no", settings.Explain(new HubOptionException(nameof(HubOptions.Text), "no")).Message);
        Assert.Equal("data: no", HubSettings.Read(new Dictionary<string, (string?, string)>(), null).Explain(new HubOptionException(nameof(HubOptions.DataDirectory), "no")).Message);
    }

    [Fact]
    public void A_certificate_of_the_command_line_does_not_get_the_key_of_the_file()
    {
        File.WriteAllText(FilePath, """{ "tlsCertificate": "a.pem", "tlsKey": "b.pem" }""");

        HubOptions options = Read(("tlsCertificate", "c.pem", "--tls"), ("tlsKey", null, "--tls")).Options;

        Assert.Equal(("c.pem", null), (options.TlsCertificate, options.TlsKey));
    }

    [Fact]
    public void A_file_that_is_named_must_be_there_and_may_say_where_the_data_is()
    {
        string named = Path.Combine(_folder, "other.json");
        Dictionary<string, (string?, string)> nothing = [];
        Assert.Equal($"--config: {named} is not there", Assert.Throws<UsageException>(() => HubSettings.Read(nothing, named)).Message);
        Assert.StartsWith("--config: ", Assert.Throws<UsageException>(() => HubSettings.Read(nothing, Path.Combine(_folder, "no", "other.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<UsageException>(() => HubSettings.Read(nothing, _folder)).Message, StringComparison.Ordinal);

        File.WriteAllText(named, """{ "data": "kept", "udp": null }""");

        Assert.Equal(Path.Combine(_folder, "kept"), HubSettings.Read(nothing, named).Options.DataDirectory);
    }

    [Fact]
    public void What_is_printed_is_a_file_that_means_the_same()
    {
        File.WriteAllText(FilePath, """{ "text": "tcp://127.0.0.1:1", "lan": true, "drainTimeout": "250ms", "queueBytesMax": 70000 }""");
        HubSettings settings = Read();

        File.WriteAllText(FilePath, settings.Print());

        Assert.Equal(settings.Options, Read().Options);
        Assert.Contains("\"udp\": null", settings.Print(), StringComparison.Ordinal);
    }

    /// <summary>A property that is added to the options gets a key by that alone, and a row in the manual by this test.</summary>
    [Fact]
    public void The_manual_has_every_key_and_its_default()
    {
        HubOptions defaults = new();
        string page = File.ReadAllText(Path.Combine(Root(), "docs/handbook/12-hub.md"));
        page = page[page.IndexOf("## Settings", StringComparison.Ordinal)..page.IndexOf("## Backups", StringComparison.Ordinal)];
        Dictionary<string, string> rows = Regex.Matches(page, "^\\| (`[^|]+) \\| [^|]+ \\| ([^|]+) \\|$", RegexOptions.Multiline, TimeSpan.FromSeconds(10))
            .SelectMany(row => row.Groups[1].Value.Split(", ").Select(key => (Key: key.Trim('`'), Default: row.Groups[2].Value.Trim('`'))))
            .ToDictionary(row => row.Key, row => row.Default);

        Assert.Equal(HubKey.All.Select(key => key.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (HubKey key in HubKey.All)
        {
            if (key.Write(defaults) is { } value)
                Assert.Equal(value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture), rows[key.Name]);
        }
    }

    private HubSettings Read(params (string Key, string? Value, string Option)[] given) =>
        HubSettings.Read(given.Append(("data", _folder, "--data")).ToDictionary(each => each.Item1, each => (each.Item2, each.Item3)), null);

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
