using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether this machine can speak to itself, by doing it.</summary>
internal sealed class LoopbackCheck() : DoctorCheck(DoctorGroup.Network, "loopback", "whether a TCP connection over 127.0.0.1 works")
{
    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        if (machine.Links.FirstOrDefault(link => link.IsLoopback && !link.IsUp) is { } down)
            return [Finding.Problem($"the loopback interface {down.Name} is down: no program here can reach another at 127.0.0.1 or ::1", $"sudo ip link set {down.Name} up")];
        return [await TryAsync(machine, IPAddress.Loopback, cancellationToken).ConfigureAwait(false)];
    }

    public static async ValueTask<Finding> TryAsync(Machine machine, IPAddress address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(machine.Patience, machine.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await machine.SpeakToItselfAsync(address, either.Token).ConfigureAwait(false);
            return Finding.Ok($"a TCP connection over {address} works");
        }
        catch (SocketException e)
        {
            return Finding.Problem($"a TCP connection over {address} does not work: {e.Message}", "ip address show dev lo");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Problem($"a TCP connection over {address} does not come about: something drops its packets", "sudo nft list ruleset");
        }
    }
}
