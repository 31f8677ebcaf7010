using System.Net.Sockets;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Doctor;

/// <summary>Runs checks side by side, each with a deadline, and reports them in their order.</summary>
internal sealed class DoctorProgram(Machine machine, IReadOnlyList<DoctorCheck> checks, TimeSpan deadline, DoctorReport report)
{
    /// <summary>The exit code: whether there is a problem.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        long begun = machine.Time.GetTimestamp();
        Task<IReadOnlyList<Finding>>[] running = [.. checks.Select(check => ExamineAsync(check, stop))];
        Dictionary<Severity, int> counts = Enum.GetValues<Severity>().ToDictionary(severity => severity, _ => 0);
        for (int i = 0; i < running.Length; i++)
        {
            if (checks[i].NeedsLinux && !machine.IsLinux)
            {
                report.LeftOut(checks[i]);
                continue;
            }

            IReadOnlyList<Finding> findings = await running[i].ConfigureAwait(false);
            report.Show(checks[i], findings);
            foreach (Finding finding in findings)
                counts[finding.Severity]++;
        }

        report.End(counts, machine.Time.GetElapsedTime(begun));
        return counts[Severity.Problem] > 0 ? ExitCodes.NetworkFailed : ExitCodes.Done;
    }

    /// <summary>What a check finds; a check that fails, or comes to no end, has found that.</summary>
    private async Task<IReadOnlyList<Finding>> ExamineAsync(DoctorCheck check, CancellationToken stop)
    {
        if (check.NeedsLinux && !machine.IsLinux)
            return [];
        using CancellationTokenSource over = new(deadline, machine.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
        try
        {
            // What blocks in the system, as names can, is left behind: nobody waits for it.
            IReadOnlyList<Finding> findings = await StartAsync(check, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return findings.Count > 0 ? findings : [Finding.Note("cannot be seen here: the system does not tell, as in some containers")];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [Finding.Warning($"no result within {Duration.Print(deadline)}: what it asks does not answer, or this machine is very busy", $"sockeye doctor --only {check.Name} --timeout 30s")];
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException)
        {
            return [Finding.Note($"cannot be looked at here: {e.Message}")];
        }
    }

    /// <summary>On a thread of its own: some calls wait in the system.</summary>
    private async Task<IReadOnlyList<Finding>> StartAsync(DoctorCheck check, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await check.ExamineAsync(machine, cancellationToken).ConfigureAwait(false);
    }
}
