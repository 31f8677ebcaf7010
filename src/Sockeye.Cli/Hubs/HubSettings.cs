using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Sockeye.Cli.Commands;
using Sockeye.Hub;

namespace Sockeye.Cli.Hubs;

/// <summary>
/// What a hub shall be, from its file, the environment and the command line, each over the one before, as .NET's configuration has it; and where each value
/// came from, so that whoever has to change it is told where.
/// </summary>
internal sealed class HubSettings
{
    /// <summary>The file that is read when none is named: in the data directory.</summary>
    public const string FileName = "hub.json";

    /// <summary>How names of environment variables begin: <c>SOCKEYE_HUB__TEXT</c>.</summary>
    public const string VariablePrefix = "SOCKEYE_HUB__";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Dictionary<string, string> _sources = [];

    private HubSettings(HubOptions options) => Options = options;

    public HubOptions Options { get; private set; }

    /// <summary>Reads all three.</summary>
    /// <param name="given">What the command line says: keys, their values, and the option's name.</param>
    /// <param name="file">The file that the command line names; null: <see cref="FileName"/> in the data directory, if it is there.</param>
    /// <exception cref="UsageException">A key is not known, a value cannot be, or the file cannot be read; the message names which, and where.</exception>
    public static HubSettings Read(IReadOnlyDictionary<string, (string? Value, string Option)> given, string? file)
    {
        HubSettings settings = new(new HubOptions());
        IConfigurationProvider variables = Load(new ConfigurationBuilder().AddEnvironmentVariables(VariablePrefix));
        IConfigurationProvider commandLine = Load(new ConfigurationBuilder().Add(
            new MemoryConfigurationSource { InitialData = given.ToDictionary(each => each.Key, each => each.Value.Value) }));
        string Variable(string key) => $"the environment variable {VariablePrefix}{key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()}";
        string Option(string key) => given[key].Option;

        // The directory first: the file may be in it.
        string? Directory() => commandLine.TryGet(HubKey.Data, out string? data) || variables.TryGet(HubKey.Data, out data) ? data : null;
        string path = Path.GetFullPath(file ?? Path.Combine(Directory() is { Length: > 0 } named ? named : DataDirectory.DefaultPath, FileName));
        if (file is not null || File.Exists(path))
            settings.Take(HubFile.Load(path), key => $"\"{key}\" in {path}", path, isInDirectory: file is null);
        settings.Take(variables, Variable);
        settings.Take(commandLine, Option);
        if (settings.Options.DataDirectory is null)
            settings.Options = settings.Options with { DataDirectory = DataDirectory.DefaultPath };
        return settings;
    }

    /// <summary>Reads where a hub keeps its data, and nothing else.</summary>
    /// <param name="given">What the command line says; null: nothing.</param>
    /// <exception cref="UsageException">It is no directory's name.</exception>
    public static string ReadDirectory(string? given)
    {
        string directory = given ?? Environment.GetEnvironmentVariable(VariablePrefix + HubKey.Data.ToUpperInvariant()) ?? DataDirectory.DefaultPath;
        return string.IsNullOrWhiteSpace(directory) ? throw new UsageException("--data: it is a directory's path, and not empty") : directory;
    }

    /// <summary>An error of the hub's, said of where the value came from.</summary>
    public UsageException Explain(HubOptionException error)
    {
        string source = _sources.GetValueOrDefault(error.Option, HubOptions.KeyOf(error.Option));
        return new UsageException($"{source}: {error.Reason}");
    }

    /// <summary>Everything that can be set, as it is: a file to begin with.</summary>
    public string Print()
    {
        JsonObject file = [];
        foreach (HubKey key in HubKey.All.Where(key => key.Name != HubKey.Data))
        {
            string[] way = key.Name.Split(':');
            JsonObject section = way.SkipLast(1).Aggregate(file, (outer, name) => (JsonObject)(outer[name] ??= new JsonObject()));
            section[way[^1]] = JsonSerializer.SerializeToNode(key.Write(Options));
        }

        return file.ToJsonString(Indented);
    }

    private static IConfigurationProvider Load(IConfigurationBuilder builder) => builder.Build().Providers.Single();

    private void Take(IConfigurationProvider provider, Func<string, string> nameOf, string? file = null, bool isInDirectory = false, string? section = null)
    {
        foreach (string child in provider.GetChildKeys([], section).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string name = section is null ? child : ConfigurationPath.Combine(section, child);
            bool hasValue = provider.TryGet(name, out string? text);
            if (HubKey.Find(name) is { } key)
            {
                if (!hasValue)
                    throw new UsageException($"{nameOf(name)}: it is one value, not an object or a list");
                if (isInDirectory && key.Name == HubKey.Data)
                    throw new UsageException($"{nameOf(name)}: the file is in the data directory itself; say --data DIR, or name the file with --config FILE");
                Set(key, text, nameOf(name), file);
            }
            else if (HubKey.In(name).Any())
            {
                if (text is not null)
                    throw new UsageException($"{nameOf(name)} cannot be \"{text}\": it is an object, with {string.Join(", ", HubKey.NamesIn(name))} in it");
                Take(provider, nameOf, file, isInDirectory, name);
            }
            else
            {
                throw new UsageException($"{nameOf(name)}: there is no such key; {AdviseOtherKey(section, child)}");
            }
        }
    }

    private void Set(HubKey key, string? text, string source, string? file)
    {
        _sources[key.Option] = source;
        if (text is null)
        {
            key.Set(Options, key.Get(new HubOptions()));
            return;
        }

        object value = key.Read(text, out string expected) ?? throw new UsageException($"{source} cannot be \"{text}\": {expected}");

        // Names in a file are meant from where it is.
        if (file is not null && key.IsPath && text.Length > 0)
            value = Path.GetFullPath(text, Path.GetDirectoryName(file)!);
        key.Set(Options, value);
    }

    private static string AdviseOtherKey(string? section, string name) => HubKey.FindNearest(section, name) is { } nearest
        ? $"did you mean {nearest}?"
        : $"known: {string.Join(", ", HubKey.NamesIn(section))}";
}
