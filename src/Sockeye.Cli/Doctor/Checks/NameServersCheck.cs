using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Asks each name server by UDP for the root's name servers, which any of them can answer or refuse.</summary>
internal sealed class NameServersCheck() : DoctorCheck(DoctorGroup.Names, "name-servers", "whether the name servers of /etc/resolv.conf answer")
{
    private const int Port = 53;

    public override bool NeedsLinux => true;

    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        string[] servers = [.. ResolverCheck.ServersOf(machine).Take(ResolverCheck.ServersMax)];
        if (servers.Length == 0)
            servers = ["127.0.0.1"]; // who the C library asks then
        string?[] failures = await Task.WhenAll(servers.Select(server => AskAsync(machine, server, cancellationToken))).ConfigureAwait(false);
        bool someAnswer = failures.Contains(null);
        return [.. servers.Zip(failures, (server, failure) =>
            failure is null ? Finding.Ok($"{server} answers")
            : someAnswer ? Finding.Warning($"{server} {failure}: names take longer whenever it is asked first", "cat /etc/resolv.conf")
            : Finding.Problem($"{server} {failure}: names other than those of /etc/hosts do not resolve", "cat /etc/resolv.conf; ip route"))];
    }

    /// <summary>What is wrong with a server; null: nothing.</summary>
    private static async Task<string?> AskAsync(Machine machine, string server, CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(server, out IPAddress? address))
            return "is no address";
        using CancellationTokenSource patience = new(machine.Patience, machine.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await machine.AskNameServerAsync(new IPEndPoint(address, Port), either.Token).ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return $"cannot be asked ({e.Message})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "does not answer";
        }
    }
}
