using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Addresses;

public class AddressPropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly string[] Names =
        ["localhost", "a", "example.com", "x-1_y.z.", "例え.テスト", "münchen.de", "0x7g", "1a.b2"];

    private static readonly string[] Fragments =
    [
        "tcp", "unix", "icmp", "http", "abstract", "wss", "://", ":", "/", "//", "?", "&", "=", "[", "]", "[::1]", "%", "%41", "%zz", "%FF",
        "*", ".", "..", "@", "#", "\\", " ", "\0", "\uD800", "\uDC00", "😀", "聊", "：", "127.0.0.1", "0x7f", "80", "99999", "-1", "::",
        "fe80::1%lo", "backlog", "type=dgram", "mode=600", "nodelay", "sndbuf=1k", "ttl", "localhost", "(unnamed)", "\u202E", "٣",
    ];

    [Fact]
    public void Every_address_reads_back_as_it_prints()
    {
        Prop.ForAll(Arb.From(Addresses()), address =>
        {
            Address again = Address.Parse(address.ToString());
            Assert.Equal(address, again);
            Assert.Equal(address.GetHashCode(), again.GetHashCode());
            Assert.Equal(address.EndPoint, again.EndPoint);
            Assert.Equal(address.Options, again.Options);
            Assert.Equal(
                (address.Scheme, address.SocketType, address.ProtocolType, address.IsTls, address.Path),
                (again.Scheme, again.SocketType, again.ProtocolType, again.IsTls, again.Path));
        }).Check(Runs);
    }

    [Fact]
    public void The_generators_reach_every_scheme()
    {
        IEnumerable<string> reached = Gen.Sample(Addresses(), 1000).Select(address => address.Scheme).Distinct();

        Assert.Equal(AddressSchemes.Names.Order(StringComparer.Ordinal), reached.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Any_text_is_an_address_that_round_trips_or_a_format_error()
    {
        Gen<string> strings = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
        Gen<string> collages = Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts));
        Gen<string> mutations = from address in Addresses()
                                let text = address.ToString()
                                from position in Gen.Choose(0, text.Length - 1)
                                from fragment in Gen.Elements(Fragments)
                                from removed in Gen.Choose(0, 2)
                                select text[..position] + fragment + text[Math.Min(text.Length, position + removed)..];
        Config runs = Config.QuickThrowOnFailure.WithMaxTest(10_000);

        Prop.ForAll(Arb.From(Gen.OneOf(strings, collages, mutations)), HoldsFor).Check(runs);
    }

    private static void HoldsFor(string text)
    {
        if (Address.TryParse(text, out Address? address, out string? error))
        {
            Assert.Equal(address, Address.Parse(address.ToString()));
            Assert.Equal(address.ToString(), Address.Parse(address.ToString()).ToString());
        }
        else
        {
            Assert.Equal(error, Assert.Throws<FormatException>(() => Address.Parse(text)).Message);
        }
    }

    private static Gen<Address> Addresses() =>
        Gen.Elements(AddressSchemes.All.ToArray()).SelectMany(scheme => OfScheme(scheme));

    private static Gen<Address> OfScheme(AddressScheme scheme) =>
        from endPoint in EndPointOf(scheme)
        from path in scheme.Kind == AddressKind.Web ? WebPaths() : Gen.Constant("")
        from options in OptionsOf(scheme)
        select Read(scheme, endPoint, path, options);

    // The parser makes options and paths, as only it may; the end point comes without ever having been text.
    private static Address Read(AddressScheme scheme, EndPoint endPoint, string path, string options)
    {
        string place = scheme.Kind == AddressKind.HostAndPort ? "x:1" : "x";
        return Address.Parse($"{scheme.Name}://{place}{path}{options}").WithEndPoint(endPoint);
    }

    private static Gen<EndPoint> EndPointOf(AddressScheme scheme) => scheme.Kind switch
    {
        AddressKind.UnixFile => UnixNames(byteMin: 1).Select(bytes => (EndPoint)UnixPath.CreateEndPoint(bytes)),
        AddressKind.UnixAbstract => UnixNames(byteMin: 0).Select(bytes => (EndPoint)UnixPath.CreateEndPoint([0, .. bytes])),
        _ => from port in Gen.Choose(0, AddressParser.PortMax)
             from endPoint in Gen.OneOf(HostsOf(scheme, port))
             select endPoint,
    };

    private static Gen<EndPoint>[] HostsOf(AddressScheme scheme, int port)
    {
        Gen<EndPoint> names = Gen.Elements(Names).Select(name => (EndPoint)new DnsEndPoint(name, port, scheme.Family));
        Gen<EndPoint> quads = Bytes(4).Select(bytes => (EndPoint)new IPEndPoint(new IPAddress(bytes), port));
        Gen<byte[]> sparse = Bytes(2).Select(tail => new byte[14].Concat(tail).ToArray());
        Gen<long> scopes = Gen.OneOf(Gen.Constant(0L), Gen.Choose(1, int.MaxValue).Select(value => (long)value), Gen.Constant(0xFFFFFFFFL));
        Gen<EndPoint> sixes = from bytes in Gen.OneOf(Bytes(16), Gen.Constant(new byte[16]), sparse)
                              from scope in scopes
                              select (EndPoint)new IPEndPoint(new IPAddress(bytes, scope), port);
        return scheme.Family switch
        {
            AddressFamily.InterNetwork => [names, quads],
            AddressFamily.InterNetworkV6 => [names, sixes],
            _ => [names, quads, sixes],
        };
    }

    private static Gen<byte[]> Bytes(int length) => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length);

    // Half of them readable text of many kinds, half of them any bytes; a path holds no NUL, a name may.
    private static Gen<byte[]> UnixNames(int byteMin)
    {
        string[] pieces =
        [
            "/", "tmp", "聊天", "%", "?", "#", "&", "=", " ", "\n", "\\", "@", "(unnamed)", "é", "e\u0301", "😀", "\u202E", "\u00A0", "..",
            "\"", "~", "：", "\uFFFD",
        ];
        Gen<byte[]> texts = Gen.Elements(pieces).NonEmptyListOf().Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Gen<byte[]> any = Gen.Choose(byteMin, 255).Select(value => (byte)value).NonEmptyListOf().Select(values => values.ToArray());
        return Gen.OneOf(texts, any).Select(bytes => bytes.Length <= UnixPath.BytesMax ? bytes : bytes[..UnixPath.BytesMax]);
    }

    private static Gen<string> WebPaths() =>
        Gen.Elements("a", "/", "?", "%2F", "聊", "&x=", "|", "\"", "[", "^", "😀", "~", "'", "*").ListOf()
            .Select(parts => "/" + string.Concat(parts));

    private static Gen<string> OptionsOf(AddressScheme scheme)
    {
        AddressOption[] known = [.. AddressOptionTable.All.Where(option => option.Schemes.Contains(scheme.Name))];
        if (known.Length == 0)
            return Gen.Constant("");
        return from chosen in Gen.SubListOf(known)
               from values in Gen.CollectToList(chosen, option => Gen.Elements(ValuesOf(option.Name, scheme)))
               let parts = chosen.Zip(values, (option, value) => $"{option.Name}={value}").Where(part => !IsMisfit(part, chosen)).ToArray()
               select parts.Length == 0 ? "" : "?" + string.Join('&', parts);
    }

    // Datagram sockets neither listen nor are streams, so a generated type and these may exclude each other.
    private static bool IsMisfit(string part, IEnumerable<AddressOption> chosen) =>
        part.Split('=')[0] is "backlog" or "proxy" && chosen.Any(option => option.Name == "type");

    private static string[] ValuesOf(string option, AddressScheme scheme) => option switch
    {
        "type" => [.. scheme.SocketTypes.Select(type => type.ToString())],
        "mode" => ["0", "600", "0777", "7"],
        "sndbuf" or "rcvbuf" => ["1024", "1k", "3M", "1024m", "1073741823", "1500"],
        "protocol" => ["0", "17", "254", "255"],
        "backlog" or "keepalive" or "ttl" => ["1", "2", "255"],
        "proxy" => ["v1", "v2", "any"],
        _ => ["true", "no", "1", "0"],
    };
}
