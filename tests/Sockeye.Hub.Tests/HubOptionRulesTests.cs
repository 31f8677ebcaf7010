using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;

namespace Sockeye.Hub.Tests;

/// <summary>What options cannot be, and what is said of it.</summary>
public sealed class HubOptionRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Text", "http://127.0.0.1:99", "it cannot be \"http://127.0.0.1:99\": the plain-text door has tcp or tls addresses; that one is for the page's door")]
    [InlineData("Text", "unix:///tmp/x", "that one is for the Unix socket's door")]
    [InlineData("Text", "icmp://127.0.0.1", "try tcp://127.0.0.1:8888")]
    [InlineData("Text", "ws://[::1]:80/", "try tcp://[::1]:80")]
    [InlineData("Text", "of", "did you mean off?")]
    [InlineData("Text", "", "it is an address, as in tcp://127.0.0.1:8888, or off")]
    [InlineData("Text", "127.0.0.1:77", "did you mean tcp://127.0.0.1:77?")]
    [InlineData("Text", "tcp://127.0.0.1:8o", "the port \"8o\" is not a decimal number")]
    [InlineData("Text", "tls://127.0.0.1:0", "tls://127.0.0.1:0 needs a certificate: --tls CERT KEY")]
    [InlineData("Web", "OFF", "did you mean off?")]
    [InlineData("Web", "8080", "did you mean http://127.0.0.1:8080?")]
    [InlineData("Web", "https://127.0.0.1:1", "needs a certificate")]
    [InlineData("Web", "http://127.0.0.1:1/chat", "leave out /chat")]
    [InlineData("Web", "http://example.com:80", "its host is an IP address, localhost or *; example.com is none")]
    [InlineData("Web", "http://localhost:0", "any free port can be had of an IP address only, as in http://127.0.0.1:0")]
    [InlineData("Udp", "tcp://127.0.0.1:1", "it cannot be \"tcp://127.0.0.1:1\": the UDP door has udp addresses; that one is for the plain-text door")]
    [InlineData("Unix", "/tmp/x.sock", "did you mean unix:///tmp/x.sock?")]
    [InlineData("Unix", "unix:///tmp", "/tmp is a directory; name a file in it, as in unix:///tmp/hub.sock")]
    [InlineData("Unix", "abstract://x?type=dgram", "leave out the option type")]
    public void A_door_says_why_it_cannot_be_there(string door, string asked, string expected)
    {
        HubOptions options = door switch
        {
            "Text" => new HubOptions { Text = asked },
            "Web" => new HubOptions { Web = asked },
            "Udp" => new HubOptions { Udp = asked },
            _ => new HubOptions { Unix = asked },
        };

        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(options));

        Assert.Equal(door, error.Option);
        Assert.Contains(expected, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://*:1", "udp6://[::1]:1", "unix:///tmp/hub.sock?mode=0600", "http://localhost:1/")]
    [InlineData("tcp4://host:1", "udp://host:1", "abstract://hub", "http://*:1")]
    [InlineData("off", "off", "unix:///tmp/hub.sock", "off")]
    [InlineData(null, null, null, null)]
    public void What_can_be_is_not_minded(string? text, string? udp, string? unix, string? web) =>
        HubOptionRules.Check(new HubOptions { Text = text, Udp = udp, Unix = unix, Web = web });

    [Theory]
    [InlineData("off")]
    [InlineData(null)]
    public void One_door_at_least_is_open(string? unix)
    {
        HubOptions options = new() { Text = "off", Udp = "off", Unix = unix, Web = "off" };

        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(options));

        Assert.Contains("every door is off", error.Reason, StringComparison.Ordinal);
        HubOptionRules.Check(options with { Unix = null, DataDirectory = "data" });
    }

    [Fact]
    public void With_a_certificate_doors_can_be_TLS() =>
        HubOptionRules.Check(new HubOptions { Text = "tls://*:1", Web = "https://*:1", TlsCertificate = "looked at later" });

    [Fact]
    public void Limits_have_their_least_values()
    {
        (string Name, HubOptions Options)[] wrong =
        [
            (nameof(HubOptions.TextConnectionsMax), new() { TextConnectionsMax = 0 }),
            (nameof(HubOptions.TextConnectionsPerAddressMax), new() { TextConnectionsPerAddressMax = -1 }),
            (nameof(HubOptions.WebConnectionsMax), new() { WebConnectionsMax = 0 }),
            (nameof(HubOptions.WebConnectionsPerAddressMax), new() { WebConnectionsPerAddressMax = 0 }),
            (nameof(HubOptions.QueueMessagesMax), new() { QueueMessagesMax = 0 }),
            (nameof(HubOptions.QueueBytesMax), new() { QueueBytesMax = 16 * 1024 - 1 }),
            (nameof(HubOptions.DrainTimeout), new() { DrainTimeout = TimeSpan.FromHours(2) }),
            (nameof(HubOptions.DrainTimeout), new() { DrainTimeout = Timeout.InfiniteTimeSpan }),
            (nameof(HubOptions.DataDirectory), new() { DataDirectory = " " }),
            (nameof(HubOptions.TlsKey), new() { TlsKey = "key.pem" }),
        ];
        Assert.All(wrong, each => Assert.Equal(each.Name, Assert.Throws<HubOptionException>(() => HubOptionRules.Check(each.Options)).Option));
    }

    /// <summary>A limit that is added without a range fails here.</summary>
    [Fact]
    public void Every_limit_has_a_least_and_a_greatest_value_and_its_default_between_them()
    {
        List<string> ranged = [];
        Walk(new HubOptions(), "", (owner, property, path) =>
        {
            if (property.PropertyType == typeof(string) || property.PropertyType == typeof(bool) || typeof(Delegate).IsAssignableFrom(property.PropertyType))
                return;
            OptionRange? range = OptionRange.Of(property);
            Assert.True(range?.Has(property.GetValue(owner)!), path);
            ranged.Add(path);
        });

        Assert.Contains("Limits.Udp.Strangers.PerSecond", ranged);
        Assert.Contains("Limits.Text.PasswordTriesMax", ranged);
        foreach (string path in ranged)
        {
            Assert.Equal(path, Refused(path, isLeast: true).Option);
            Assert.Equal(path, Refused(path, isLeast: false).Option);
        }
    }

    [Theory]
    [InlineData("QueueBytesMax", 16_384, "Limits.Chat.MessageBytesMax", 8000, "it cannot be 16,384 while limits:chat:messageBytesMax is 8,000: it is 32,384 at least then")]
    [InlineData("Limits.Web.MessageBytesMax", 32_768, "Limits.Chat.MessageBytesMax", 6000, "it is 37,024 at least then")]
    [InlineData("Limits.Text.EndlessLineBytesMax", 4000, null, 0, "it is 4,257 at least then")]
    [InlineData("Limits.Udp.WaitingBytesMax", 4000, null, 0, "it is 4,256 at least then")]
    [InlineData("Limits.Udp.DatagramBytesMax", 1000, null, 0, "it is 1,200 at least then")]
    [InlineData("Limits.Udp.PendingBytesMax", 5000, "Limits.Udp.PieceBytesMax", 6000, "it is 6,000 at least then")]
    [InlineData("Limits.Chat.HistoryMessagesMax", 99, null, 0, "while limits:text:pageMessages is 100: it is 100 at least then")]
    [InlineData("Limits.Udp.HistoryMax", 9, null, 0, "while limits:udp:historyShown is 10")]
    [InlineData("Limits.Chat.PerClient.Burst", 200, null, 0, "while limits:text:unansweredMax is 200: it is 201 at least then")]
    public void Where_one_limit_must_hold_what_another_allows_it_does(string option, int value, string? other, int otherValue, string expected)
    {
        HubOptions options = new();
        if (option == "Limits.Udp.PendingBytesMax")
            Set(options, "Limits.Udp.DatagramBytesMax", 7000);
        if (other is not null)
            Set(options, other, otherValue);
        Set(options, option, value);

        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(options));

        Assert.Equal(option, error.Option);
        Assert.Contains(expected, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lobby_has_a_name_as_rooms_have()
    {
        HubOptions options = new() { Limits = new() { Chat = new() { Lobby = "the lobby" } } };

        Assert.Equal("Limits.Chat.Lobby: it cannot be \"the lobby\": a name has letters, digits and _ - . only, and no spaces", Assert.Throws<HubOptionException>(() => HubOptionRules.Check(options)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.20, chat.example.org")]
    public void Addresses_that_others_are_told_are_IP_addresses(string told)
    {
        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(new HubOptions { Advertise = told }));

        Assert.Contains("it is IP addresses, with commas between them", error.Reason, StringComparison.Ordinal);
        HubOptionRules.Check(new HubOptions { Advertise = "192.0.2.20, 2001:db8::20" });
    }

    [Fact]
    public void A_data_directory_is_no_file()
    {
        string file = Path.Combine(_folder, "hub.db");
        File.WriteAllText(file, "");

        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(new HubOptions { DataDirectory = file }));

        Assert.Equal($"DataDirectory: {file} is a file: name the directory that it is in, {_folder}", error.Message);
    }

    [Fact]
    public void A_certificate_that_is_not_good_now_is_told_of()
    {
        string path = Certificate("cert.pem", DateTimeOffset.Parse("2026-03-02", null), DateTimeOffset.Parse("2026-04-02", null));
        HubOptions options = new() { TlsCertificate = path };

        Assert.Null(HubOptionRules.CheckCertificate(new HubOptions(), TimeProvider.System));
        Assert.Null(HubOptionRules.CheckCertificate(options, new FixedTime("2026-03-10")));
        Assert.Contains("has expired on 2026-04-02", HubOptionRules.CheckCertificate(options, new FixedTime("2026-05-01")), StringComparison.Ordinal);
        Assert.Contains("is good from 2026-03-02 on", HubOptionRules.CheckCertificate(options, new FixedTime("2026-01-01")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_refused()
    {
        string good = Certificate("cert.pem", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        string other = Certificate("other.pem", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        string missing = Path.Combine(_folder, "missing.pem");
        string WhyNot(HubOptions options) => Assert.Throws<HubOptionException>(() => HubOptionRules.CheckCertificate(options, TimeProvider.System)).Reason;

        Assert.Equal($"{missing}: there is no such file", WhyNot(new() { TlsCertificate = missing }));
        Assert.Equal($"{missing}: there is no such file", WhyNot(new() { TlsCertificate = good, TlsKey = missing }));
        Assert.Contains("is not the key of", WhyNot(new() { TlsCertificate = good, TlsKey = other }), StringComparison.Ordinal);
        Assert.Contains("no permission to read it, or it is a folder", WhyNot(new() { TlsCertificate = _folder }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_socket_has_a_name_that_the_system_takes()
    {
        Assert.Equal("unix:///srv/hub/hub.sock", HubOptionRules.UnixByDefault("/srv/hub"));
        Assert.Equal("/srv/a?b 100%/hub.sock", Address.Parse(HubOptionRules.UnixByDefault("/srv/a?b 100%")!).EndPoint.ToString());
        Assert.Null(HubOptionRules.UnixByDefault("/" + new string('x', 200)));
    }

    /// <summary>What is said of a value just out of range.</summary>
    private static HubOptionException Refused(string path, bool isLeast)
    {
        HubOptions options = new();
        RangeAttribute range = PropertyAt(options, path).Property.GetCustomAttribute<RangeAttribute>()!;
        object bound = isLeast ? range.Minimum : range.Maximum;
        Set(options, path, bound switch
        {
            string time => TimeSpan.Parse(time, CultureInfo.InvariantCulture) + TimeSpan.FromMilliseconds(isLeast ? -1 : 1),
            double number => number * (isLeast ? 0.5 : 2),
            int number => number + (isLeast ? -1 : 1),
            _ => throw new NotSupportedException(path),
        });
        HubOptionException error = Assert.Throws<HubOptionException>(() => HubOptionRules.Check(options));
        Assert.Matches("^it cannot be .+: it is (a whole number|a number|a time) from .+ to .+$", error.Reason);
        return error;
    }

    private static void Set(HubOptions options, string path, object value)
    {
        (object owner, PropertyInfo property) = PropertyAt(options, path);
        property.SetValue(owner, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
    }

    private static (object Owner, PropertyInfo Property) PropertyAt(HubOptions options, string path)
    {
        (object, PropertyInfo)? found = null;
        Walk(options, "", (owner, property, at) => found = at == path ? (owner, property) : found);
        return found!.Value;
    }

    private static void Walk(object owner, string path, Action<object, PropertyInfo, string> visit)
    {
        foreach (PropertyInfo property in owner.GetType().GetProperties())
        {
            if (HubLimitRules.IsSection(property))
                Walk(property.GetValue(owner)!, $"{path}{property.Name}.", visit);
            else
                visit(owner, property, path + property.Name);
        }
    }

    private string Certificate(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using System.Security.Cryptography.X509Certificates.X509Certificate2 made =
            new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, to);
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }

    private sealed class FixedTime(string date) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(date + "T00:00:00Z", null);
    }
}
