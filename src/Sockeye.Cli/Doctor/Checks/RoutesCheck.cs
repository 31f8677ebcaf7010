using System.Globalization;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>/proc/net/route and /proc/net/ipv6_route: whether there is a way to everywhere else.</summary>
internal sealed class RoutesCheck() : LinuxCheck(DoctorGroup.Network, "routes", "whether there are default routes, IPv4 and IPv6")
{
    // linux/route.h
    private const int RouteUp = 1;
    private const int RouteRejects = 0x200;

    private const string Nowhere4 = "00000000";
    private const string Nowhere6 = "00000000000000000000000000000000";

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        // "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU …"
        string? four = machine.Words("/proc/net/route")
            .FirstOrDefault(words => words.Length > 7 && words[1] == Nowhere4 && words[7] == Nowhere4 && Leads(words[3]))?[0];

        // "destination prefix source prefix next-hop metric references use flags interface"
        string? six = machine.Words("/proc/net/ipv6_route")
            .FirstOrDefault(words => words.Length > 9 && words[0] == Nowhere6 && words[1] == "00" && words[9] != "lo" && Leads(words[8]))?[9];
        if (four is null && six is null)
            yield return Finding.Warning("there is no default route: only this machine and the networks it is part of can be reached", "sudo ip route add default via GATEWAY");
        else if (six is null)
            yield return Finding.Ok($"the default route leads over {four}; there is none for IPv6, so hosts that have IPv6 alone cannot be reached");
        else if (four is null)
            yield return Finding.Note($"the default route of IPv6 leads over {six}; there is none for IPv4, so hosts that have IPv4 alone cannot be reached", "sudo ip route add default via GATEWAY");
        else
            yield return Finding.Ok($"the default routes lead over {four} (IPv4) and {six} (IPv6)");
    }

    private static bool Leads(string flags) =>
        int.TryParse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits) && (bits & (RouteUp | RouteRejects)) == RouteUp;
}
