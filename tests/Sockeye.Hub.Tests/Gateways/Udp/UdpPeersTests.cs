using System.Globalization;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>The UDP door and real programs: Python's textbook clients as they are, and nc.</summary>
public sealed class UdpPeersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-udp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_client_that_takes_turns_always_reads_the_answer_to_what_it_sent()
    {
        await using RealHub hub = await RealHub.StartAsync(_folder);
        await using Peer tom = Programs.Python("udp_turns_client.py", hub.Udp.HostAndPort());
        await using Peer jack = Programs.Python("udp_turns_client.py", hub.Udp.HostAndPort());
        await tom.TypeAsync("/name TOM");
        await tom.SaysAsync("/name TOM -> * Hello, TOM.");
        await jack.TypeAsync("/name JACK");
        await jack.SaysAsync("/name JACK -> * Hello, JACK.");

        for (int i = 1; i <= 10; i++)
        {
            await tom.TypeAsync($"@JACK hello {i}");
            await tom.SaysAsync($"@JACK hello {i} -> ok {(2 * i) - 1} @JACK");
            await jack.TypeAsync($"@TOM answer {i}");
            await jack.SaysAsync($"@TOM answer {i} -> ok {2 * i} @TOM");
            await jack.SaysAsync($"TOM to you alone: hello {i}");
        }

        await tom.TypeAsync("quit");
        await tom.SaysAsync("quit -> * Good-bye.");
        await tom.SaysAsync("JACK to you alone: answer 10");
    }

    [Fact]
    public async Task A_client_with_a_thread_that_reads_a_client_that_takes_turns_and_netcat_over_TCP_and_UDP_in_one_room()
    {
        await using RealHub hub = await RealHub.StartAsync(_folder);
        await using Peer turns = Programs.Python("udp_turns_client.py", hub.Udp.HostAndPort());
        await turns.TypeAsync("/name 汤姆");
        await turns.SaysAsync("汤姆.");
        await using Peer threads = Programs.Python("udp_threads_client.py", hub.Udp.HostAndPort());
        await threads.TypeAsync("/name JACK");
        await threads.SaysAsync("* Hello, JACK.");
        await threads.TypeAsync("/listen");
        await threads.SaysAsync("* What others say");
        await using Peer datagrams = Programs.Netcat(["-u", .. hub.Udp.HostAndPort()]);
        await datagrams.TypeAsync("/name ROSE");
        await datagrams.SaysAsync("* Hello, ROSE.");
        await datagrams.TypeAsync("/listen");
        await datagrams.SaysAsync("* What others say");
        await using Peer stream = Programs.Netcat(hub.Text.HostAndPort());
        await stream.TypeAsync("ANNE");
        await stream.SaysAsync("* You are in #lobby.");

        await stream.TypeAsync("大家好 from TCP");
        await threads.SaysAsync("ANNE: 大家好 from TCP\n");
        await datagrams.SaysAsync("ANNE: 大家好 from TCP\n");
        await turns.TypeAsync("大家好 from UDP");
        await turns.SaysAsync("大家好 from UDP -> ok 2 #lobby\n");
        await turns.SaysAsync("ANNE: 大家好 from TCP\n");
        foreach (Peer other in new[] { threads, datagrams, stream })
            await other.SaysAsync("汤姆: 大家好 from UDP\n".Replace("\n", other == stream ? "\r\n" : "\n", StringComparison.Ordinal));

        await datagrams.TypeAsync("and from nc");
        await datagrams.SaysAsync("ok 3 #lobby\n");
        foreach (Peer other in new[] { threads, stream })
            await other.SaysAsync("ROSE: and from nc");
        await stream.TypeAsync("/msg 汤姆 only for you");
        await stream.TypeAsync("bye");
        await threads.SaysAsync("ANNE: bye\n");
        await turns.TypeAsync("");
        await turns.SaysAsync("ROSE: and from nc\n");
        await turns.SaysAsync("ANNE to you alone: only for you\n");
    }

    [Fact]
    public async Task A_hub_that_starts_anew_says_what_to_do_and_what_is_sent_again_is_there_once()
    {
        RealHub hub = await RealHub.StartAsync(_folder);
        await using Peer tom = Programs.Python("udp_turns_client.py", hub.Udp.HostAndPort());
        await tom.TypeAsync("/name TOM");
        await tom.SaysAsync("* Hello, TOM.");
        await tom.TypeAsync("#17 are you there?");
        await tom.SaysAsync("#17 are you there? -> #17 ok 1 #lobby\n");
        await hub.DisposeAsync();

        await using RealHub again = await RealHub.StartAsync(_folder, hub.Udp.ToString());
        await tom.TypeAsync("#17 are you there?");
        await tom.SaysAsync("#17 are you there? -> #17 ! This hub does not know you");
        await tom.TypeAsync("/name TOM");
        await tom.SaysAsync("/name TOM -> * Welcome back, TOM.");
        await tom.TypeAsync("#17 are you there?");
        await tom.SaysAsync("#17 are you there? -> #17 ok 1 #lobby again\n");
        await tom.TypeAsync("#18 good");
        await tom.SaysAsync("#18 good -> #18 ok 2 #lobby\n");
        await tom.TypeAsync("/history");
        await tom.SaysAsync("TOM: are you there?\n");
        await tom.SaysAsync("TOM: good\n");
        Assert.Equal(3, tom.Output.Split("TOM: are you there?").Length);
    }

    [Fact]
    public async Task Clients_that_go_without_a_word_keep_nobody_from_talking()
    {
        await using RealHub hub = await RealHub.StartAsync(_folder);
        await using Peer tom = Programs.Python("udp_turns_client.py", hub.Udp.HostAndPort());
        await tom.TypeAsync("/name TOM");
        await tom.SaysAsync("* Hello, TOM.");
        for (int i = 0; i < 3; i++)
        {
            await using Peer gone = Programs.Python("udp_threads_client.py", hub.Udp.HostAndPort());
            await gone.TypeAsync($"/name GONE{i}");
            await gone.SaysAsync("* Hello, GONE");
            await gone.TypeAsync("/listen");
            await gone.SaysAsync("* What others say");
        }

        // Each of these is sent to ports where nobody is any more, and the system's ICMP errors come back.
        for (int i = 1; i <= 20; i++)
        {
            await tom.TypeAsync($"line {i}");
            await tom.SaysAsync($"line {i} -> ok {i.ToString(CultureInfo.InvariantCulture)} #lobby\n");
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_left_for_the_next_one_where_none_was_asked_for()
    {
        await using MemoryNetwork network = new();
        await using DatagramSocket taken = await network.OpenDatagramAsync("udp://127.0.0.1:9000");
        List<string> notices = [];
        await using HubServer hub = await HubServer.StartAsync(
            new HubOptions { Text = HubOptions.Off, Web = HubOptions.Off, OnNotice = notices.Add }, network);

        Assert.Equal("udp://127.0.0.1:9001", Assert.Single(hub.Addresses));
        Assert.Equal("port 9000 is taken: udp://127.0.0.1:9001 instead of udp://127.0.0.1:9000", Assert.Single(notices));
    }
}
