using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>RFC 6761, section 6.3: localhost is this machine, in both families.</summary>
internal sealed class LocalhostCheck() : DoctorCheck(DoctorGroup.Names, "localhost", "whether localhost is this machine, in IPv4 and IPv6")
{
    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await machine.ResolveAsync("localhost", cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            return [Finding.Problem(e.Message, Advice("127.0.0.1"))];
        }

        if (Array.Find(addresses, address => !IPAddress.IsLoopback(address)) is { } stranger)
            return [Finding.Problem($"localhost is {stranger}, which is not this machine's loopback", "grep -n localhost /etc/hosts")];
        if (!Array.Exists(addresses, address => address.AddressFamily == AddressFamily.InterNetwork))
            return [Finding.Problem("localhost has no IPv4 address, and programs that speak IPv4 alone cannot find it", Advice("127.0.0.1"))];
        bool hasIPv6 = machine.Links.Any(link => link.Addresses.Contains(IPAddress.IPv6Loopback));
        if (hasIPv6 && !addresses.Contains(IPAddress.IPv6Loopback))
            return [Finding.Warning("localhost is not ::1 as well: who asks for it in IPv6 does not find it", Advice("::1"))];
        return [Finding.Ok($"localhost is {string.Join(" and ", addresses.Distinct())}")];
    }

    private static string Advice(string address) => $"echo '{address} localhost' | sudo tee -a /etc/hosts";
}
