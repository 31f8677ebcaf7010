using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Relay;

/// <summary><c>sockeye relay --fault</c> between Python's sockets, which have no part in it.</summary>
public class RelayFaultTests
{
    [Theory]
    [InlineData("refuse", "refuse=3", "refused: |RST |RST |RST HELLO|FIN HELLO|FIN")]
    [InlineData("reset", "reset", "reset: |RST |RST")]
    [InlineData("whole", "delay=10ms±10ms, slice=3, rate=10mbit; down: merge=5ms", "whole: True True")]
    [InlineData("whole", "drop=20%, slice=100", "whole: True True")]
    [InlineData("cut", "up: cut-after=5", "cut: greeting hello|FIN |FIN")]
    [InlineData("cut-reset", "up: cut-after=5, reset", "cut by a reset: |RST |RST")]
    [InlineData("half-open", "up: cut-after=5, half-open", "half-open: hello and silence")]
    public async Task What_peers_see_of_faults(string scene, string plan, string expected)
    {
        await using Peer ends = Programs.Python("fault_ends.py", scene);
        Address target = await ends.PythonAddressAsync("tcp");
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, target, "--fault", plan);
        await ends.TypeAsync(string.Join(' ', relay.Address.HostAndPort()));

        Assert.Equal(0, await ends.EndAsync());
        Assert.Equal(expected + "\n", ends.Output[(ends.Output.IndexOf('\n') + 1)..]);
    }

    [Fact]
    public async Task The_same_datagrams_are_lost_for_the_same_seed()
    {
        string first = await SurvivorsAsync(seed: 4711);
        string again = await SurvivorsAsync(seed: 4711);
        string other = await SurvivorsAsync(seed: 4712);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Split(' ').Length, 20, 80);
    }

    private static async Task<string> SurvivorsAsync(int seed)
    {
        await using Peer ends = Programs.Python("fault_datagrams.py", "100");
        Address target = await ends.PythonAddressAsync("udp");
        await using ServingPeer relay = await ServingPeer.RelayAsync("udp://127.0.0.1:0", target, "--fault", "up: drop=50%", "--fault-seed", $"{seed}");
        await ends.TypeAsync(string.Join(' ', relay.Address.HostAndPort()));

        Assert.Equal(0, await ends.EndAsync());
        return ends.Output[ends.Output.IndexOf("came: ", StringComparison.Ordinal)..];
    }
}
