using System.Globalization;
using System.Reflection;
using Sockeye.Cli.Commands;
using Sockeye.Hub;

namespace Sockeye.Cli.Hubs;

/// <summary>One key of <c>hub.json</c>: a property of <see cref="HubOptions"/>, or of what is in it, by its name, so that every limit that the hub has can be set.</summary>
/// <param name="Path">The properties that lead to it, its own the last.</param>
internal sealed record HubKey(IReadOnlyList<PropertyInfo> Path)
{
    /// <summary>Where the file itself may be: not in it when it is found there.</summary>
    public const string Data = "data";

    private static readonly string[] NoKeys = [nameof(HubOptions.InvitesAnotherOwner), nameof(HubOptions.OnNotice)];

    /// <summary>All of them, in the order that they are declared in.</summary>
    public static IReadOnlyList<HubKey> All { get; } = [.. KeysOf(typeof(HubOptions), [])];

    /// <summary>As an error of the hub's has it: <c>Limits.Chat.MessageBytesMax</c>.</summary>
    public string Option { get; } = string.Join('.', Path.Select(property => property.Name));

    /// <summary>As .NET's configuration writes it: <c>limits:chat:messageBytesMax</c>.</summary>
    public string Name { get; } = HubOptions.KeyOf(string.Join('.', Path.Select(property => property.Name)));

    /// <summary>Whether the value is the name of a file or directory.</summary>
    public bool IsPath => Option is nameof(HubOptions.DataDirectory) or nameof(HubOptions.TlsCertificate) or nameof(HubOptions.TlsKey);

    private PropertyInfo Property => Path[^1];

    /// <summary>The key that is called so, in any case.</summary>
    public static HubKey? Find(string name) => All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The keys of the section that is called so, which are none if there is no such section.</summary>
    public static IEnumerable<HubKey> In(string section) => All.Where(key => key.Name.StartsWith(section + ':', StringComparison.OrdinalIgnoreCase));

    /// <summary>The names of the keys and sections directly in a section, as they stand in it.</summary>
    /// <param name="section">Its whole name; null: the outermost.</param>
    public static IEnumerable<string> NamesIn(string? section)
    {
        int depth = section?.Split(':').Length ?? 0;
        return (section is null ? All : In(section)).Select(key => key.Name.Split(':')[depth]).Distinct();
    }

    /// <summary>The key or section that somebody meant, as a rule, who wrote one that there is not: with a slip, or in the wrong section, or in none.</summary>
    /// <param name="section">The section that it is in; null: the outermost.</param>
    /// <param name="name">Its name in it.</param>
    public static string? FindNearest(string? section, string name)
    {
        IEnumerable<string> all = All.SelectMany(key => Enumerable.Range(1, key.Path.Count).Select(count => HubOptions.KeyOf(string.Join('.', key.Path.Take(count).Select(part => part.Name)))));
        if (all.FirstOrDefault(known => known.EndsWith(':' + name, StringComparison.OrdinalIgnoreCase)) is { } elsewhere)
            return elsewhere;
        string? nearest = NearestWord.Find(name, NamesIn(section).Select(known => known.ToLowerInvariant()));
        nearest = NamesIn(section).FirstOrDefault(known => known.Equals(nearest, StringComparison.OrdinalIgnoreCase));
        if (nearest is null || section is null)
            return nearest;

        // The environment has it in capitals.
        string[] way = In(section).First().Name.Split(':')[..section.Split(':').Length];
        return string.Join(':', way.Append(nearest));
    }

    /// <summary>The value that a text stands for; null, and what it would have to be, when it stands for none.</summary>
    public object? Read(string text, out string expected)
    {
        Type type = Property.PropertyType;
        OptionRange? range = OptionRange.Of(Property);
        (object? value, expected) =
            type == typeof(string) ? (text.Contains('\0') ? null : (object?)text, "it is a text without a NUL")
            : type == typeof(bool) ? (bool.TryParse(text, out bool flag) ? flag : null, "it is true or false")
            : type == typeof(int) ? (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null, $"{range}")
            : type == typeof(double) ? (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double real) ? real : null, $"{range}")
            : type == typeof(TimeSpan) ? (Duration.Parse(text), $"{range}; {Duration.Expected}")
            : throw new NotSupportedException($"{Option} is a {type.Name}, and no text stands for one");
        return value is not null && range?.Has(value) == false ? null : value;
    }

    /// <summary>The value that options have.</summary>
    public object? Get(HubOptions options) => Property.GetValue(Owner(options));

    /// <summary>Gives options a value.</summary>
    public void Set(HubOptions options, object? value) => Property.SetValue(Owner(options), value);

    /// <summary>The value that options have, as the file writes it; null: none is given.</summary>
    public object? Write(HubOptions options) => Get(options) switch
    {
        TimeSpan time => Duration.Print(time),
        object value => value,
        null => null,
    };

    private static IEnumerable<HubKey> KeysOf(Type type, PropertyInfo[] path) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && !NoKeys.Contains(property.Name))
        .SelectMany(property => IsSection(property) ? KeysOf(property.PropertyType, [.. path, property]) : [new HubKey([.. path, property])]);

    private static bool IsSection(PropertyInfo property) => property.PropertyType.IsClass && property.PropertyType.Assembly == typeof(HubOptions).Assembly;

    /// <summary>The record that the property is of: the sections of options that were made for this alone.</summary>
    private object Owner(HubOptions options) => Path.SkipLast(1).Aggregate((object)options, (owner, section) => section.GetValue(owner)!);
}
