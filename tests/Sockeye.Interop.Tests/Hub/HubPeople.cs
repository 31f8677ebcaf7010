using System.Text.RegularExpressions;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Hub;

/// <summary>A hub in its own process, and the people who come in by programs that nobody here wrote.</summary>
internal sealed partial class HubPeople : IAsyncDisposable
{
    private HubPeople(Peer hub, Address page, Address text, Address unix, Address udp) => (Hub, Page, Text, Unix, Udp) = (hub, page, text, unix, udp);

    public Peer Hub { get; }

    public Address Page { get; }

    public Address Text { get; }

    public Address Unix { get; }

    public Address Udp { get; }

    public static async Task<HubPeople> StartAsync(string data, string socket)
    {
        Peer hub = Programs.Sockeye("hub", "--data", data, "--unix", $"unix://{socket}", "--text", "tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0", "--udp", "udp://127.0.0.1:0");
        Dictionary<string, Address> doors = [];
        while (doors.Count < 4)
        {
            Address door = await hub.ErrorLineAfterAsync("listening on ");
            doors.Add(door.Scheme, door);
        }

        return new HubPeople(hub, doors["http"], doors["tcp"], doors["unix"], doors["udp"]);
    }

    /// <summary>Comes in by telnet.</summary>
    public async Task<Peer> TelnetAsync(string name) => await EnterAsync(Programs.Telnet(Text), name);

    /// <summary>Comes in by nc on the Unix socket.</summary>
    public async Task<Peer> NetcatAsync(string name) => await EnterAsync(Programs.Netcat("-U", Unix.UnixPath()), name);

    /// <summary>Comes in by the textbook's UDP client, which sends and waits once.</summary>
    public async Task<Peer> TextbookAsync(string name)
    {
        Peer textbook = Programs.Python("udp_chat_contact.py", Udp.HostAndPort());
        await textbook.TypeAsync($"/name {name}");
        await textbook.SaysAsync("You are in #lobby");
        return textbook;
    }

    /// <summary>What a client of lines is shown of the lobby when it asks.</summary>
    public static async Task<string[]> HistoryAsync(Peer person)
    {
        int before = person.Output.Length;
        await person.TypeAsync("/history 50");
        await person.TypeAsync("/nonsense"); // answered after the one before it
        await person.SaysAsync("There is no command /nonsense");
        return [.. SaidLine().Matches(person.Output[before..]).Select(match => match.Groups[1].Value)];
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    private static async Task<Peer> EnterAsync(Peer person, string name)
    {
        await person.SaysAsync("name?");
        await person.TypeAsync(name);
        await person.SaysAsync("You are in #lobby");
        return person;
    }

    [GeneratedRegex(@"\[\d\d:\d\d\] (\w+: [^\r\n]*)")]
    private static partial Regex SaidLine();
}
