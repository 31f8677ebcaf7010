using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Capturing;

public class FlowEndsTests
{
    [Theory]
    [InlineData("192.0.2.1:1", "192.0.2.2:2", "192.0.2.1:1", "192.0.2.2:2")]
    [InlineData("[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:2", "192.0.2.1:1", "192.0.2.2:2")]
    [InlineData("[::]:1", "[::ffff:192.0.2.2]:2", "0.0.0.0:1", "192.0.2.2:2")]
    [InlineData("[::]:1", "[::ffff:127.0.0.1]:2", "127.0.0.1:1", "127.0.0.1:2")]
    [InlineData("0.0.0.0:1", "127.0.0.7:2", "127.0.0.7:1", "127.0.0.7:2")]
    [InlineData("192.0.2.1:1", "[2001:db8::1]:2", "[::ffff:192.0.2.1]:1", "[2001:db8::1]:2")]
    public void Both_ends_are_of_one_family(string near, string far, string expectedNear, string expectedFar)
    {
        FlowEnds ends = new(IPEndPoint.Parse(near), IPEndPoint.Parse(far));
        Assert.Equal(IPEndPoint.Parse(expectedNear), ends.Near);
        Assert.Equal(IPEndPoint.Parse(expectedFar), ends.Far);
    }

    [Fact]
    public void A_Unix_path_has_one_address_always_and_sockets_without_a_name_each_their_own()
    {
        UnixDomainSocketEndPoint path = new("/run/a.sock");
        Assert.Equal("[fd73:6f63:6b65:1:ea4b:a7cb:7c19:9087]:49152", PseudoAddresses.For(path, 1, isNear: true).ToString());
        Assert.Equal(PseudoAddresses.For(path, 1, isNear: true), PseudoAddresses.For(path, 2, isNear: false));
        HashSet<IPEndPoint> ends = [];
        for (int number = 1; number < 20_000; number++)
        {
            Assert.True(ends.Add(PseudoAddresses.For(null, number, isNear: true)));
            Assert.True(ends.Add(PseudoAddresses.For(null, number, isNear: false)));
        }
    }
}
