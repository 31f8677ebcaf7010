namespace Sockeye.Bench;

/// <summary>The networks an echo server of Sockeye can run on.</summary>
internal static class EchoNetworks
{
    public static Network Open(string name) => name switch
    {
        "host" => Network.Host,
        _ => throw new ArgumentException($"no network {name}; there is host"),
    };
}
