namespace Sockeye.Bench;

/// <summary>What a benchmark can be told; zero takes the benchmark's own default.</summary>
internal sealed record Settings(int Connections, int Messages, int Size, int Rounds)
{
    /// <summary>Which of the benchmark's servers take part, with commas between; null: all.</summary>
    public string? Servers { get; init; }

    public static Settings Parse(string[] args)
    {
        Settings settings = new(0, 0, 0, 0);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--servers")
            {
                settings = settings with { Servers = args[i + 1] };
                continue;
            }

            int value = int.Parse(args[i + 1]);
            settings = args[i] switch
            {
                "--connections" => settings with { Connections = value },
                "--messages" => settings with { Messages = value },
                "--size" => settings with { Size = value },
                "--rounds" => settings with { Rounds = value },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }

        return settings;
    }

    public Settings Or(Settings defaults) => new(
        Connections == 0 ? defaults.Connections : Connections,
        Messages == 0 ? defaults.Messages : Messages,
        Size == 0 ? defaults.Size : Size,
        Rounds == 0 ? defaults.Rounds : Rounds)
    {
        Servers = Servers,
    };

    public string[] ToArguments() =>
        ["--connections", $"{Connections}", "--messages", $"{Messages}", "--size", $"{Size}", "--rounds", $"{Rounds}"];
}
