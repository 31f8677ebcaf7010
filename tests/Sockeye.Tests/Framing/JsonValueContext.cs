using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sockeye.Tests.Framing;

public sealed record Reading(string Sensor, int Value);

public sealed class Knot
{
    public Knot? Next { get; set; }
}

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(Knot))]
[JsonSerializable(typeof(int?))]
internal sealed partial class JsonValueContext : JsonSerializerContext;
