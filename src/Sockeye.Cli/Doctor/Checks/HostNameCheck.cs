using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Many programs ask at their start for the name of the machine they run on, and wait until somebody gives up.</summary>
internal sealed class HostNameCheck() : DoctorCheck(DoctorGroup.Names, "host-name", "whether this machine's own name resolves, and to itself")
{
    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        string name = machine.HostName;
        string advice = $"echo '127.0.1.1 {name}' | sudo tee -a /etc/hosts";
        if (name.Length == 0)
            return [Finding.Warning("this machine has no name", "sudo hostnamectl set-hostname NAME")];
        try
        {
            IPAddress[] addresses = await machine.ResolveAsync(name, cancellationToken).AsTask().WaitAsync(machine.Patience, machine.Time, cancellationToken).ConfigureAwait(false);
            HashSet<IPAddress> own = [.. machine.Links.SelectMany(link => link.Addresses)];
            return machine.Links.Count == 0 || Array.Exists(addresses, address => IPAddress.IsLoopback(address) || own.Contains(address))
                ? [Finding.Ok($"{name} is {string.Join(", ", addresses.Distinct())}")]
                : [Finding.Warning($"this machine's own name {name} is {string.Join(", ", addresses.Distinct())}, and no interface here has that address", advice)];
        }
        catch (SocketException e)
        {
            return [Finding.Warning($"this machine's own name does not resolve ({e.Message}); some programs do not start without", advice)];
        }
        catch (TimeoutException)
        {
            return [Finding.Warning($"this machine's own name {name} is asked for in the network, and nobody answers; programs that ask for it wait", advice)];
        }
    }
}
