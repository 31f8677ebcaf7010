using System.Globalization;

namespace Sockeye.Bench.Race;

/// <summary>What bench/race can be told.</summary>
internal sealed record RaceOptions
{
    public int Rounds { get; init; } = 5;

    /// <summary>How long a round loads one contender, once closed and once open.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Messages a second while latencies are read; null: half of what Kestrel does, or else the slowest.</summary>
    public double? Rate { get; init; }

    /// <summary>How many idle connections there are where there are some; null: the workload's own number.</summary>
    public int? Idle { get; init; }

    /// <summary>The workloads, in this order; null: all.</summary>
    public string[]? Only { get; init; }

    /// <summary>Who takes part; null: all.</summary>
    public string[]? Contenders { get; init; }

    /// <summary>A file for every round's figures.</summary>
    public string? Json { get; init; }

    /// <summary>A folder that the peers are built in; null: the checkout's own.</summary>
    public string? Build { get; init; }

    /// <summary>Only the packages of what is missing, for the script to install.</summary>
    public bool Missing { get; init; }

    /// <summary>Only whether every contender echoes what it is sent.</summary>
    public bool SelfTest { get; init; }

    public static RaceOptions Parse(string[] args)
    {
        RaceOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            options = name switch
            {
                "--rounds" => options with { Rounds = (int)Number(Value()) },
                "--seconds" => options with { Seconds = Number(Value()) },
                "--rate" => options with { Rate = Number(Value()) },
                "--idle" => options with { Idle = (int)Number(Value()) },
                "--only" => options with { Only = Names(Value(), Workload.All.Select(workload => workload.Name)) },
                "--contenders" => options with { Contenders = Names(Value(), Race.Contenders.All.Select(contender => contender.Name)) },
                "--json" => options with { Json = Value() },
                "--build" => options with { Build = Value() },
                "--missing" => options with { Missing = true },
                "--self-test" => options with { SelfTest = true },
                _ => throw new ArgumentException($"unknown option {name}"),
            };

            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{name} needs a value");
        }

        return options;
    }

    /// <summary>Whether it takes part.</summary>
    public bool Has(Contender contender) => Contenders is null || Contenders.Contains(contender.Name);

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new ArgumentException($"{text} is not a number above zero");

    private static string[] Names(string text, IEnumerable<string> known)
    {
        string[] names = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        string? stranger = names.FirstOrDefault(name => !known.Contains(name));
        return stranger is null ? names : throw new ArgumentException($"no {stranger}; there are {string.Join(", ", known)}");
    }
}
