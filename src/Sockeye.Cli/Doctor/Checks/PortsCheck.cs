using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether ports are free, by binding them for a moment as a server would; the library's message names who has them.</summary>
internal sealed class PortsCheck(IReadOnlyList<WantedPort> wanted) : DoctorCheck(DoctorGroup.Ports, "ports", "whether the hub's ports, or those of --port, are free, and who has them")
{
    /// <summary>Where the hub listens unless told. It takes the next free port instead.</summary>
    private static readonly WantedPort[] HubPorts = [new(8888, ProtocolType.Tcp), new(9000, ProtocolType.Udp), new(8080, ProtocolType.Tcp)];

    public override ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken) =>
        new([.. wanted.Count > 0 ? wanted.Select(port => JudgeWanted(machine, port)) : HubPorts.Select(port => JudgeHub(machine, port))]);

    private static Finding JudgeHub(Machine machine, WantedPort port) => Try(machine, port, IPAddress.Loopback) is { } failure
        ? Finding.Warning($"{failure.Message}; the hub takes the next free one by itself", AdviceFor(port, failure))
        : Finding.Ok($"{port} is free");

    /// <summary>On all interfaces, as servers listen: in IPv4, and in IPv6 where that is there.</summary>
    private static Finding JudgeWanted(Machine machine, WantedPort port)
    {
        SocketException? failure = Try(machine, port, IPAddress.Any);
        if (failure is null && machine.Links.Any(link => link.Addresses.Any(address => address.AddressFamily == AddressFamily.InterNetworkV6)))
            failure = Try(machine, port, IPAddress.IPv6Any);
        return failure is null ? Finding.Ok($"{port} is free") : Finding.Problem(failure.Message, AdviceFor(port, failure));
    }

    private static SocketException? Try(Machine machine, WantedPort port, IPAddress address)
    {
        try
        {
            machine.Bind(new IPEndPoint(address, port.Number), port.Protocol);
            return null;
        }
        catch (SocketException e)
        {
            return e;
        }
    }

    private static string AdviceFor(WantedPort port, SocketException failure) => failure.SocketErrorCode == SocketError.AccessDenied
        ? $"sudo sysctl -w net.ipv4.ip_unprivileged_port_start={port.Number}"
        : $"sudo ss -{(port.Protocol == ProtocolType.Udp ? 'u' : 't')}lnp 'sport = :{port.Number}'";
}
