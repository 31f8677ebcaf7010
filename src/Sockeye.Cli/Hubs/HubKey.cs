using System.Globalization;
using System.Reflection;
using Sockeye.Cli.Commands;
using Sockeye.Hub;

namespace Sockeye.Cli.Hubs;

/// <summary>One key of <c>hub.json</c>: a property of <see cref="HubOptions"/> by its name, so that every limit that the hub has can be set.</summary>
/// <param name="Property">The property.</param>
internal sealed record HubKey(PropertyInfo Property)
{
    /// <summary>Where the file itself may be: not in it when it is found there.</summary>
    public const string Data = "data";

    private static readonly string[] NoKeys = [nameof(HubOptions.InvitesAnotherOwner), nameof(HubOptions.OnNotice)];

    /// <summary>All of them, in the order that they are declared in.</summary>
    public static IReadOnlyList<HubKey> All { get; } =
    [
        .. typeof(HubOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !NoKeys.Contains(property.Name))
            .Select(property => new HubKey(property)),
    ];

    /// <summary>As the file writes it: <c>queueMessagesMax</c>.</summary>
    public string Name { get; } = NameOf(Property.Name);

    /// <summary>Whether the value is the name of a file or directory.</summary>
    public bool IsPath => Property.Name is nameof(HubOptions.DataDirectory) or nameof(HubOptions.TlsCertificate) or nameof(HubOptions.TlsKey);

    /// <summary>The key that is called so, in any case.</summary>
    public static HubKey? Find(string name) => All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the key of a property is called.</summary>
    public static string NameOf(string property) => property == nameof(HubOptions.DataDirectory) ? Data : char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary>The value that a text stands for; null, and what it would have to be, when it stands for none.</summary>
    public object? Read(string text, out string expected)
    {
        Type type = Property.PropertyType;
        (object? value, expected) =
            type == typeof(string) ? (text.Contains('\0') ? null : (object?)text, "it is a text without a NUL")
            : type == typeof(bool) ? (bool.TryParse(text, out bool flag) ? flag : null, "it is true or false")
            : type == typeof(int) ? (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null, $"it is a whole number up to {int.MaxValue}")
            : type == typeof(TimeSpan) ? (Duration.Parse(text), Duration.Expected)
            : throw new NotSupportedException($"{Property.Name} is a {type.Name}, and no text stands for one");
        return value;
    }

    /// <summary>The value that options have, as the file writes it; null: none is given.</summary>
    public object? Write(HubOptions options) => Property.GetValue(options) switch
    {
        TimeSpan time => Duration.Print(time),
        object value => value,
        null => null,
    };
}
