using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

/// <summary>Everything that can be wrong with a command line is one line that says what, and what to try.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("servr", "there is no verb \"servr\"; did you mean \"serve\"?")]
    [InlineData("tcp://localhost:80", "a verb comes before the address \"tcp://localhost:80\"; known: ")]
    [InlineData("serve", "serve needs a service; known: chat, daytime, discard, echo, greet, hello, upper")]
    [InlineData("help servr", "there is no verb \"servr\"; did you mean \"serve\"?")]
    [InlineData("serve help uper", "there is no service \"uper\"; did you mean \"upper\"?")]
    [InlineData("servr --help", "there is no verb \"servr\"; did you mean \"serve\"?")]
    [InlineData("serve upper help", "the address \"help\" is not valid")]
    [InlineData("serve --json", "serve needs a service; known: chat, daytime, discard, echo, greet, hello, upper")]
    [InlineData("serve uper tcp://:1", "there is no service \"uper\"; did you mean \"upper\"?")]
    [InlineData("serve tcp://:80", "a service comes before the address \"tcp://:80\"; known: chat, daytime, discard, echo, greet, hello, upper")]
    [InlineData("serve upper", "serve upper needs an address; try sockeye serve upper tcp://127.0.0.1:8080")]
    [InlineData("serve upper --quit tcp://:1", "serve upper has no option \"--quit\"; did you mean --quiet?")]
    [InlineData("serve echo --text=x tcp://:1", "serve echo has no option \"--text\"; greet has it")]
    [InlineData("serve echo tcp://:1 --lines", "serve echo has no option \"--lines\"; hello has it")]
    [InlineData("serve greet --txt hello tcp://:1", "serve greet has no option \"--txt\"; did you mean --text?")]
    [InlineData("--verison", "sockeye has no option \"--verison\"; did you mean --version?")]
    [InlineData("serve upper tcp://127.0.0.1:70000", "the address \"tcp://127.0.0.1:70000\" is not valid: the port \"70000\" is out of range; ports are 0 to 65535")]
    [InlineData("serve upper tcp://", "the address \"tcp://\" is not valid: it has no port; try tcp://localhost:8888")]
    [InlineData("serve upper tpc://:80", "the address \"tpc://:80\" is not valid: the scheme \"tpc\" is unknown; try tcp://:80")]
    [InlineData("serve upper 8080", "the address \"8080\" is not valid: it has no host and no colon; for a port of this machine try :8080")]
    [InlineData("serve upper tcp://:80 http://localhost:8080", "http://localhost:8080/ cannot be served: serve listens on tcp, tls, ws, wss, udp, unix, unix-dgram, unix-seqpacket and abstract addresses; try tcp://localhost:8080")]
    [InlineData("serve upper icmp://127.0.0.1", "icmp://127.0.0.1 cannot be served: serve listens on tcp, tls, ws, wss, udp, unix, unix-dgram, unix-seqpacket and abstract addresses")]
    [InlineData("serve upper tls://[::1]:443", "tls://[::1]:443 needs a certificate: --cert FILE, or --self-signed for one of this run")]
    [InlineData("serve upper tcp://[::1]:443 --self-signed", "--self-signed is for TLS, and no address is: write tls://HOST:PORT")]
    [InlineData("serve upper tls://:443 --self-signed --cert a.pem", "--self-signed makes a certificate, --cert brings one: keep one")]
    [InlineData("serve upper tls://:443 --self-signed --key a.pem", "--key needs --cert: the certificate that it belongs to")]
    [InlineData("serve upper tls://:443 --cert /no/such.pem", "--cert: /no/such.pem: there is no such file")]
    [InlineData("serve upper https://localhost", "https://localhost/ cannot be served: serve listens on tcp, tls, ws, wss, udp, unix, unix-dgram, unix-seqpacket and abstract addresses; try tls://localhost:443")]
    [InlineData("serve upper unix://a unix://a", "the address unix://a is given twice; remove one")]
    [InlineData("completion fish", "there is no shell \"fish\"; known: bash, zsh")]
    [InlineData("connect -k tls://localhost:1", "connect has no option \"-k\"; did you mean --insecure?")]
    [InlineData("serve upper tcp://:1 --network moon", "--network cannot be \"moon\": it is linux or host")]
    [InlineData("serve upper tcp://:1 --idle", "--idle needs a value: how long nothing may come or go, as in 90s or 5m")]
    [InlineData("serve upper tcp://:1 --idle 5", "--idle cannot be \"5\": a time is a number with ms, s, m or h, as in 500ms, 5s or 2m, from 1ms to 24h")]
    [InlineData("serve upper tcp://:1 --idle 0s", "--idle cannot be \"0s\"")]
    [InlineData("connect", "connect needs an address; try sockeye connect tcp://127.0.0.1:8888")]
    [InlineData("connect tcp://:1 --frame lines", "connect has no option \"--frame\"; did you mean --frames?")]
    [InlineData("connect tcp://:1 --frames lins", "--frames: \"lins\" is no codec: \"lins\" is unknown; did you mean \"lines\"?")]
    [InlineData("connect tcp://:1 --hex --crlf", "--hex and --crlf do not go together; keep one")]
    [InlineData("connect tcp://:1 --reply-wait 1s", "--reply-wait is for datagrams and WebSockets, and tcp://localhost:1 is a connection with half-close; --linger is for those")]
    [InlineData("connect udp://:1 --linger 1s", "--linger is for connections, and udp://localhost:1 has datagrams")]
    [InlineData("listen udp://:1 --keep-open", "--keep-open is for connections, and udp://localhost:1 has datagrams")]
    [InlineData("listen tcp://:1 --exec cat --hex", "--hex and --exec do not go together: the command has the connection as it is")]
    [InlineData("listen tcp://:1 --limit 3", "--limit is for --exec with --keep-open")]
    [InlineData("serve upper tcp://:1 --limit 0", "--limit cannot be \"0\": it is a whole number from 1 to 2147483647")]
    [InlineData("serve upper tcp://:1 --limit 1 --limit 2", "--limit is given 2 times; keep one")]
    [InlineData("ping", "ping needs a host; try sockeye ping localhost --count 3")]
    [InlineData("ping --cuont 3 ::1", "ping has no option \"--cuont\"; did you mean --count?")]
    [InlineData("ping ::1 -5", "ping has no option \"-5\"; did you mean -4?")]
    [InlineData("ping tcp://localhost:80", "tcp://localhost:80 cannot be pinged: ping asks hosts, not ports; try sockeye ping localhost")]
    [InlineData("ping localhost --size 65508", "--size cannot be \"65508\": it is a whole number from 0 to 65507")]
    [InlineData("ping localhost --ttl 0", "--ttl cannot be \"0\": it is a whole number from 1 to 255")]
    [InlineData("ping localhost -4 -6", "-4 and -6 exclude each other; leave both out for either")]
    [InlineData("ping 127.0.0.1 -6", "127.0.0.1 is no IPv6 address; leave out -6")]
    [InlineData("relay", "relay needs an address; try sockeye relay tcp://127.0.0.1:8080 tcp://example.com:80")]
    [InlineData("relay tcp://:1", "relay needs where to listen and where to relay to; try sockeye relay ")]
    [InlineData("relay tcp://:1 tcp://:2 --tiemout 1s", "relay has no option \"--tiemout\"; did you mean --timeout?")]
    [InlineData("relay tcp://:1 tcp://:2 --fault dealy=1ms", "--fault: The faults \"dealy=1ms\" are not valid: at 1, \"dealy\" is unknown; did you mean \"delay\"?")]
    [InlineData("tap tcp://:1 tcp://:2 --fault ", "--fault is empty: write what shall go wrong, as in \"slice=1\", or none")]
    [InlineData("tap tcp://:1 tcp://:2 --fault close=5s", "--fault: The faults \"close=5s\" are not valid: at 1, \"close\" is unknown; did you mean \"slow-close\"?")]
    [InlineData("tap htp://:1 tcp://:2", "the address \"htp://:1\" is not valid: the scheme \"htp\" is unknown; try tcp://:1")]
    [InlineData("connect htp://example.com", "the address \"htp://example.com\" is not valid: the scheme \"htp\" is unknown; connect reaches tcp, tls, ws, wss, udp, unix, unix-dgram, unix-seqpacket and abstract addresses")]
    [InlineData("relay udp://:1 udp://:2 --fault slice=1", "--fault: slice is for streams of bytes, and udp://localhost:1 is not: remove it")]
    [InlineData("relay tcp://:1 tcp://:2 --fault-seed 5", "--fault-seed is the seed of --fault, which is not given")]
    [InlineData("relay tcp://:1 udp://:2", "tcp://localhost:1 cannot be relayed to udp://localhost:2: a stream and datagrams do not mix")]
    [InlineData("relay udp://:1 tcp://:3 tcp://:2", "udp://localhost:1 cannot be relayed to tcp://localhost:2: datagrams and a stream do not mix")]
    [InlineData("relay unix-dgram://a unix-seqpacket://b", "unix-dgram://a cannot be relayed to unix-seqpacket://b: datagrams and a stream do not mix")]
    [InlineData("relay tcp://:1 icmp://127.0.0.1", "icmp://127.0.0.1 cannot be relayed: only addresses of streams and of datagrams can be")]
    [InlineData("relay tcp://:1 tcp://:1", "tcp://localhost:1 would be relayed to itself; give another target")]
    [InlineData("relay tcp://:1 tcp://:1 tcp://:2", "the address tcp://localhost:1 is given twice; remove one")]
    [InlineData("relay tcp://:1 tcp://:0", "tcp://localhost:0 is no target: port 0 is for listening on any free one")]
    [InlineData("relay tcp://:1 tcp://:2?proxy=any", "tcp://localhost:2?proxy=any: say which version of the PROXY protocol to send, proxy=v1 or proxy=v2")]
    [InlineData("relay tcp://:1?prxy=v2 tcp://:2", "the address \"tcp://:1?prxy=v2\" is not valid: the option \"prxy\" is unknown; did you mean \"proxy\"?")]
    [InlineData("serve tcp://:1 echo", "serve echo comes before an address; try sockeye serve echo tcp://127.0.0.1:8080")]
    [InlineData("tcp://:1 connect", "connect comes before an address; try sockeye connect tcp://127.0.0.1:8888")]
    [InlineData("connect 127.0.0.1 80", "connect takes one address, and \"80\" is one more; try sockeye connect tcp://127.0.0.1:80")]
    [InlineData("connect ::1 80", "connect takes one address, and \"80\" is one more; try sockeye connect tcp://[::1]:80")]
    [InlineData("listen tcp://:1 tcp://:2", "listen takes one address, and \"tcp://:2\" is one more; see sockeye listen --help")]
    [InlineData("ping ::1 ::2", "ping takes one host, and \"::2\" is one more; see sockeye ping --help")]
    [InlineData("--json connect tcp://:1", "--json belongs behind connect; see sockeye connect --help")]
    [InlineData("connect tcp://:1 --json=yes", "--json takes no value; leave out \"=yes\"")]
    [InlineData("serve echo --quiet=1 tcp://:1", "--quiet takes no value; leave out \"=1\"")]
    [InlineData("serve echo --limit", "--limit needs a value: the most connections at a time")]
    [InlineData("serve echo tcp://:1 --exec cat", "serve echo has no option \"--exec\"; listen has it")]
    [InlineData("listen tcp://:1 --drain 1s", "listen has no option \"--drain\"; relay, tap and serve have it")]
    [InlineData("connect tcp://:1 -v", "connect has no option \"-v\"; did you mean --verbose?")]
    [InlineData("connect -u :1", "connect has no option \"-u\"; write udp://HOST:PORT")]
    [InlineData("connect -4 tcp://:1", "connect has no option \"-4\"; write tcp4://HOST:PORT")]
    [InlineData("ping ::1 -W 1s", "ping has no option \"-W\"; did you mean --timeout?")]
    [InlineData("-v", "sockeye has no option \"-v\"; did you mean --version?")]
    [InlineData("connect tcp://:0", "tcp://localhost:0 cannot be reached: port 0 is for listening on any free one")]
    [InlineData("connect icmp://::1", "the address \"icmp://::1\" is not valid")]
    [InlineData("connect icmp://[::1]", "icmp://[::1] cannot be reached: connect reaches ")]
    [InlineData("connect tls://:1 --alpn ,", "--alpn cannot be \",\": it is a list, as in h2,http/1.1")]
    [InlineData("listen tls://:1 --cert=", "--cert needs a value: TLS: the server's certificate")]
    [InlineData("listen tcp://:1 --exec=", "--exec needs a ")]
    [InlineData("trace tcp://:1 --send-file /no/such.bin", "--send-file cannot be \"/no/such.bin\": there is no such file")]
    [InlineData("ping tcp://localhost", "tcp://localhost cannot be pinged: ping asks hosts, not ports; try sockeye ping localhost")]
    [InlineData("ping localhost:80", "localhost:80 cannot be pinged: ping asks hosts, not ports; try sockeye ping localhost")]
    [InlineData("ping 127.0.0.1:80", "127.0.0.1:80 cannot be pinged: ping asks hosts, not ports; try sockeye ping 127.0.0.1")]
    [InlineData("relay tcp://:1 http://:2", "http://localhost:2/ cannot be relayed: only addresses of streams and of datagrams can be")]
    [InlineData("ping -c x ::1", "--count cannot be \"x\": it is a whole number from 1 to 2147483647")]
    public async Task Wrong_usage_is_explained(string line, string message)
    {
        (int exitCode, string[] output, string[] errors) = await RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.WrongUsage, exitCode);
        Assert.Empty(output);
        Assert.StartsWith($"sockeye: {message}", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://192.0.2.1:8080", "sockeye: cannot listen on tcp://192.0.2.1:8080: ")]
    [InlineData("tcp://host.invalid:80", "sockeye: cannot resolve host.invalid: ")]
    [InlineData("unix:///no/such/folder/x.sock", "sockeye: cannot listen on unix:///no/such/folder/x.sock: ")]
    public async Task Where_the_network_fails_is_said(string address, string message)
    {
        (int exitCode, string[] output, string[] errors) = await RunAsync("serve", "echo", "tcp://127.0.0.1:0", address);

        Assert.Equal(ExitCodes.NetworkFailed, exitCode);
        Assert.Empty(output);
        Assert.StartsWith(message, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_not_obeyed_by_the_terminal()
    {
        (_, _, string[] errors) = await RunAsync("serve", "ec\u001b[31mho\nx");

        Assert.DoesNotContain(Assert.Single(errors), character => char.IsControl(character));
    }

    [Theory]
    [InlineData("--help", "serve")]
    [InlineData("serve --help", "upper")]
    [InlineData("serve greet --help", "--text")]
    [InlineData("serve chat -h", "--limit-per-address")]
    [InlineData("tap --help", "slow-close, half-open, reset, refuse")]
    [InlineData("replay --help", "a recording that cannot be played: 2")]
    [InlineData("help", "serve")]
    [InlineData("help serve", "upper")]
    [InlineData("help serve greet", "--text")]
    [InlineData("serve help", "upper")]
    [InlineData("serve help chat", "--limit-per-address")]
    [InlineData("help --help", "serve")]
    [InlineData("relay --help", "--timeout")]
    public async Task Help_has_examples(string line, string part)
    {
        (int exitCode, string[] output, string[] errors) = await RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Empty(errors);
        Assert.Contains(output, each => each.Contains(part, StringComparison.Ordinal));
        Assert.StartsWith("  sockeye ", output[Array.IndexOf(output, "Examples:") + 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_verb_and_service_of_the_examples_exists()
    {
        foreach (string example in (QuickAnswers.For([]) ?? "").Split('\n').Where(line => line.StartsWith("  sockeye ", StringComparison.Ordinal)))
        {
            (int exitCode, _, string[] errors) = await RunAsync([.. example.Trim().Split(' ')[1..], "--help"]);

            Assert.Equal((ExitCodes.Done, ""), (exitCode, string.Join('\n', errors)));
        }
    }

    private static async Task<(int ExitCode, string[] Output, string[] Errors)> RunAsync(params string[] arguments)
    {
        Lines output = new(), errors = new();
        int exitCode = await CommandLine.RunAsync(arguments, new CliEnvironment { Output = output, Error = errors });
        return (exitCode, output.All, errors.All);
    }
}
