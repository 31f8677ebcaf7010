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
              "queueMessagesMax": 7, "queueBytesMax": 80000, "drainTimeout": "1.5s",
              "limits": { "chat": { "messageBytesMax": 2000, "PerClient": { "perSecond": 2.5 }, "lobby": "hall" }, "text": { "passwordTriesMax": 9 }, "udp": { "idleTimeout": "1m" } },
              "limits:web:closeTimeout": "1s",
            }
            """);

        HubOptions options = Read(("text", "tcp://127.0.0.1:9", "--text")).Options;

        Assert.Equal(("tcp://127.0.0.1:9", "off", "off", "http://127.0.0.1:2"), (options.Text, options.Udp, options.Unix, options.Web));
        Assert.Equal((true, true), (options.Lan, options.LimitsLoopback));
        Assert.Equal((Path.Combine(_folder, "cert.pem"), "/keys/key.pem"), (options.TlsCertificate, options.TlsKey));
        Assert.Equal((3, 4, 5, 6), (options.TextConnectionsMax, options.TextConnectionsPerAddressMax, options.WebConnectionsMax, options.WebConnectionsPerAddressMax));
        Assert.Equal((7, 80000, TimeSpan.FromSeconds(1.5)), (options.QueueMessagesMax, options.QueueBytesMax, options.DrainTimeout));
        Assert.Equal((2000, 400, 2.5, "hall"), (options.Limits.Chat.MessageBytesMax, options.Limits.Chat.PerClient.Burst, options.Limits.Chat.PerClient.PerSecond, options.Limits.Chat.Lobby));
        Assert.Equal((9, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)), (options.Limits.Text.PasswordTriesMax, options.Limits.Udp.IdleTimeout, options.Limits.Web.CloseTimeout));
        Assert.Equal(_folder, options.DataDirectory);
    }

    [Fact]
    public void A_file_of_an_editor_that_marks_UTF_8_is_one_too()
    {
        File.WriteAllText(FilePath, "{ \"lan\": true, }", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.True(Read().Options.Lan);

        File.WriteAllBytes(FilePath, [.. "{ \"lan\": "u8, 0xff, .. " }"u8]);
        Assert.EndsWith("line 1, column 10: that is no UTF-8", Assert.Throws<UsageException>(() => Read()).Message, StringComparison.Ordinal);
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
    [InlineData("""{ "drainTimeout": 5 }""", "\"drainTimeout\" in FILE cannot be \"5\": it is a time from 0s to 1h; a time is a number with ms, s, m or h")]
    [InlineData("""{ "data": "elsewhere" }""", "\"data\" in FILE: the file is in the data directory itself")]
    [InlineData("""{ "queueMessagesMax": -1 }""", "\"queueMessagesMax\" in FILE cannot be \"-1\": it is a whole number from 1 to 1,000,000")]
    [InlineData("""{ "textConnectionsMax": -1 }""", "\"textConnectionsMax\" in FILE cannot be \"-1\": it is a whole number from 1 to 1,000,000")]
    [InlineData("""{ "textConnectionsMax": 2000000 }""", "cannot be \"2000000\": it is a whole number from 1 to 1,000,000")]
    [InlineData("""{ "textConnectionsMax": 99999999999999 }""", "cannot be \"99999999999999\": it is a whole number from 1 to 1,000,000")]
    [InlineData("""{ "limits": { "chat": { "messageBytesMax": 99 } } }""", "\"limits:chat:messageBytesMax\" in FILE cannot be \"99\": it is a whole number from 100 to 32,000")]
    [InlineData("""{ "limits": { "chat": { "perClient": { "perSecond": 0 } } } }""", "\"limits:chat:perClient:perSecond\" in FILE cannot be \"0\": it is a number from 0.01 to 1,000,000")]
    [InlineData("""{ "limits": { "web": { "closeTimeout": "1ms" } } }""", "\"limits:web:closeTimeout\" in FILE cannot be \"1ms\": it is a time from 100ms to 1m")]
    [InlineData("""{ "limits": { "chat": { "mesageBytesMax": 99 } } }""", "\"limits:chat:mesageBytesMax\" in FILE: there is no such key; did you mean limits:chat:messageBytesMax?")]
    [InlineData("""{ "messageKeyCharactersMax": 99 }""", "did you mean limits:chat:messageKeyCharactersMax?")]
    [InlineData("""{ "limits": { "udp": { "passwordTriesMax": 1 } } }""", "did you mean limits:text:passwordTriesMax?")]
    [InlineData("""{ "chat": { "awayCharactersMax": 99 } }""", "\"chat\" in FILE: there is no such key; did you mean limits:chat?")]
    [InlineData("""{ "limits": { "x": 1 } }""", "\"limits:x\" in FILE: there is no such key; known: chat, text, udp, web")]
    [InlineData("""{ "limits": 5 }""", "\"limits\" in FILE cannot be \"5\": it is an object, with chat, text, udp, web in it")]
    [InlineData("""{ "limits": { "chat": { "perClient": 5 } } }""", "\"limits:chat:perClient\" in FILE cannot be \"5\": it is an object, with burst, perSecond in it")]
    [InlineData("""{ "limits": { "chat": { "lobby": { "name": "x" } } } }""", "\"limits:chat:lobby\" in FILE: it is one value")]
    [InlineData("{ \"lan\": true,\n  \"LAN\": false }", "FILE, line 2, column 3: \"LAN\" is there twice: keep one")]
    [InlineData("{ \"limits\": { \"web\": {} },\n \"limits:web:closeTimeout\": \"1s\",\n \"limits:web:closeTimeout\": \"2s\" }", "FILE, line 3, column 2: ")]
    [InlineData("{ \"limits\": { \"web\": { \"closeTimeout\": \"1s\" } }, \"limits:web:closeTimeout\": \"1s\" }", "FILE: a key is there twice, in its section and with its whole name")]
    [InlineData("[1]", "FILE, line 1, column 1: the settings are one object: ")]
    [InlineData("{\n  \"lan\": true\n", "FILE, line 3, column 1: the file ends too soon: a } or a \" is missing")]
    [InlineData("{\n  \"lan\": true\n  \"text\": \"off\"\n}", "FILE, line 3, column 3: a comma is missing before this")]
    [InlineData("{\n  \"text\": 'off'\n}", "FILE, line 2, column 11: texts stand between \" and \"")]
    [InlineData("{ \"世界\": yes }", "FILE, line 1, column 9: \"y\" cannot stand here: ")]
    [InlineData("{ \"text\": \"off\n\" }", "FILE, line 1, column 15: a text ends in the line that it begins in: a \" is missing")]
    [InlineData("{ } }", "FILE, line 1, column 5: \"}\" cannot stand here")]
    [InlineData(" \n", "FILE, line 2, column 1: the file is empty; {} is the least that can be in it")]
    [InlineData("", "FILE, line 1, column 1: the file is empty; {} is the least that can be in it")]
    public void What_is_wrong_in_the_file_is_said_of_its_key(string json, string expected)
    {
        File.WriteAllText(FilePath, json);

        Assert.Contains(expected.Replace("FILE", FilePath, StringComparison.Ordinal), Assert.Throws<UsageException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_itself_finds_wrong_is_said_of_where_it_was_given()
    {
        File.WriteAllText(FilePath, """{ "queueMessagesMax": 1, "limits": { "web": { "messageBytesMax": 1024 } } }""");
        HubSettings settings = Read(("text", "of", "--text"));

        Assert.Equal($"\"queueMessagesMax\" in {FilePath}: it cannot be 0", settings.Explain(new HubOptionException(nameof(HubOptions.QueueMessagesMax), "it cannot be 0")).Message);
        HubOptionException together = Assert.Throws<HubOptionException>(() => HubServer.Check(settings.Options with { Text = null }));
        Assert.Equal(
            $"\"limits:web:messageBytesMax\" in {FilePath}: it cannot be 1,024 while limits:chat:messageBytesMax is 4,000: it is 25,024 at least then", settings.Explain(together).Message);
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
        File.WriteAllText(FilePath, """{ "text": "tcp://127.0.0.1:1", "lan": true, "drainTimeout": "250ms", "queueBytesMax": 70000, "limits": { "udp": { "strangers": { "burst": 7.5 } } } }""");
        HubSettings settings = Read();

        File.WriteAllText(FilePath, settings.Print());

        Assert.Equal(settings.Options, Read().Options);
        Assert.Equal(7.5, Read().Options.Limits.Udp.Strangers.Burst);
        Assert.Contains("\"udp\": null", settings.Print(), StringComparison.Ordinal);
    }

    /// <summary>A property that is added to the options gets a key by that alone, and a row in the manual by this test.</summary>
    [Fact]
    public void The_manual_has_every_key_and_its_default()
    {
        HubOptions defaults = new();
        string page = File.ReadAllText(Path.Combine(Root(), "docs/handbook/12-hub.md"));
        page = page[page.IndexOf("## Settings", StringComparison.Ordinal)..page.IndexOf("## Backups", StringComparison.Ordinal)];
        var rows = Regex.Matches(page, "^\\| (`[^|]+) \\| [^|]+ \\| ([^|]+) \\| ([^|]*?) ?\\|$", RegexOptions.Multiline, TimeSpan.FromSeconds(10))
            .SelectMany(row => row.Groups[1].Value.Split(", ").Select(key => (Key: key.Trim('`'), Default: row.Groups[2].Value.Trim('`'), Range: row.Groups[3].Value)))
            .ToDictionary(row => row.Key);

        Assert.Equal(HubKey.All.Select(key => key.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (HubKey key in HubKey.All)
        {
            if (key.Write(defaults) is { } value)
                Assert.Equal(value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture), rows[key.Name].Default);
            if (OptionRange.Of(key.Path[^1]) is { } range)
                Assert.EndsWith($" from {rows[key.Name].Range}", $"{range}", StringComparison.Ordinal);
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
