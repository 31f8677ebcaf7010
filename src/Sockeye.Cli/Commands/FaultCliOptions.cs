using System.CommandLine;

namespace Sockeye.Cli.Commands;

/// <summary>The options for faults: of the verbs that pass on what comes.</summary>
internal sealed class FaultCliOptions
{
    private readonly Option<string?> _plan = OptionKinds.Text(
        "--fault",
        "what shall go wrong, as in \"delay=50ms±10ms, slice=1; down: rate=1mbit\"; of both directions, of up: (client to target) or of down:; the words are " + string.Join(", ", FaultPlan.Words),
        "PLAN");

    private readonly Option<int?> _seed = OptionKinds.Number("--fault-seed", "where the chance of --fault comes from, to have the same faults again; what it was is said at the start");

    public void AddTo(Command command)
    {
        command.Add(_plan);
        command.Add(_seed);
    }

    /// <summary>What makes the faults; null where there are to be none.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="addresses">Where they are to be.</param>
    /// <param name="isChangeable">Whether they can be set later, also where there are none at first.</param>
    /// <exception cref="UsageException">The plan is none, or makes no sense at one of the addresses.</exception>
    public FaultControl? Read(ParseResult parsed, IReadOnlyList<Address> addresses, bool isChangeable)
    {
        int? seed = parsed.GetValue(_seed);
        if (parsed.GetValue(_plan) is not { } text)
        {
            if (seed is not null)
                throw new UsageException($"{_seed.Name} is the seed of {_plan.Name}, which is not given");
            return isChangeable ? new FaultControl(FaultPlan.None, addresses) : null;
        }

        if (string.IsNullOrWhiteSpace(text))
            throw new UsageException($"{_plan.Name} is empty: write what shall go wrong, as in \"slice=1\", or none");
        if (!FaultPlan.TryParse(text, out FaultPlan? plan, out string? error))
            throw new UsageException($"{_plan.Name}: {error.TrimEnd('.')}");
        Address[] all = [.. addresses];
        if (all.Select(plan.FindProblem).FirstOrDefault(problem => problem is not null) is { } misfit)
            throw new UsageException($"{_plan.Name}: {misfit}");
        return new FaultControl(plan, all, seed);
    }
}
