using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Serve;

/// <summary><c>sockeye serve chat</c>: one room for people who have nothing in common but a socket.</summary>
public sealed class ServeChatTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Netcat_telnet_Python_UDP_and_a_Unix_socket_in_one_room()
    {
        string path = _folder.PathOf("聊天.sock");
        await using Peer server = Programs.Sockeye("serve", "chat", "tcp://127.0.0.1:0", "udp://127.0.0.1:0", $"unix://{path}");
        Address tcp = await server.ServedAddressAsync();
        Address udp = await server.ServedAddressAsync();
        await server.ServedAddressAsync();

        await using Peer netcat = Programs.Netcat(tcp.HostAndPort());
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer telnet = Programs.Telnet(tcp);
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer python = Programs.Python("chat_client.py", tcp.HostAndPort());
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer socat = Programs.Socat("-", $"UNIX-CONNECT:{path}");
        await server.SaysOnErrorsAsync(" connected to ");
        await telnet.SaysAsync("Connected to");

        // Known by its datagrams: it is in the room once it has said something.
        await using Peer datagrams = Programs.Netcat(["-u", .. udp.HostAndPort()]);
        await datagrams.TypeAsync("我来了");
        Peer[] all = [netcat, telnet, python, socat, datagrams];
        foreach (Peer other in all.Except([datagrams]))
            await other.SaysAsync("我来了");

        for (int i = 0; i < all.Length; i++)
        {
            await all[i].TypeAsync($"大家好 from number {i}");
            foreach (Peer other in all.Except([all[i]]))
                await other.SaysAsync($"大家好 from number {i}");
        }
    }

    [Fact]
    public async Task A_member_that_sends_no_line_ends_is_heard()
    {
        await using Peer server = Programs.Sockeye("serve", "chat", "tcp://127.0.0.1:0");
        string[] address = (await server.ServedAddressAsync()).HostAndPort();
        await using Peer netcat = Programs.Netcat(address);
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer textbook = Programs.Python("request_response_client.py", address);
        await server.SaysOnErrorsAsync(" connected to ");

        await textbook.TypeAsync("没有换行");
        await netcat.SaysAsync("没有换行\n");
        await netcat.TypeAsync("听到了");
        await textbook.SaysAsync("听到了");
    }

    [Fact]
    public async Task One_that_leaves_rudely_hurts_nobody()
    {
        await using Peer server = Programs.Sockeye("serve", "chat", "tcp://127.0.0.1:0");
        string[] address = (await server.ServedAddressAsync()).HostAndPort();
        await using Peer first = Programs.Netcat(address);
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer second = Programs.Python("chat_client.py", address);
        await server.SaysOnErrorsAsync(" connected to ");
        await using Peer rude = Programs.Python("rude_client.py", [.. address, "look at me"]);
        await first.SaysAsync("look at me");
        await second.SaysAsync("look at me");

        await first.TypeAsync("你走吧");
        await rude.SaysAsync("reset");
        await second.SaysAsync("你走吧");
        await second.TypeAsync("他走了");
        await first.SaysAsync("他走了");
    }
}
