// One socket, many contacts: an operator talks with everybody who sends a datagram.
//     some words        go to the contact that was chosen or heard last
//     @NAME some words  chooses a contact, and says that to it
//     quit              leaves the contact; the program goes on

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "udp://127.0.0.1:8888";
await using DatagramSocket socket = await Network.Host.OpenDatagramAsync(address);
Console.WriteLine($"Listening on {socket.Address}");

ConcurrentDictionary<string, EndPoint> contacts = new();
string? chosen = null;

// Receiving goes on beside typing, one datagram after the other.
_ = DatagramServer.RunAsync(socket, (datagram, _) =>
{
    Hear(datagram.RemoteEndPoint, Encoding.UTF8.GetString(datagram.Bytes.Span).TrimEnd('\r', '\n'));
    return ValueTask.CompletedTask;
}, new DatagramServerOptions { ConcurrencyMax = 1 });

while (Console.ReadLine() is { } typed)
{
    if (typed.StartsWith('@'))
        (chosen, typed) = typed.Split(' ', 2) is [var name, var words] ? (name[1..], words) : (typed[1..], "");
    if (chosen is null || !contacts.TryGetValue(chosen, out EndPoint? to))
        Console.WriteLine($"Nobody to talk to. Known: {string.Join(", ", contacts.Keys)}");
    else if (typed.Length > 0)
        await socket.SendAsync(Encoding.UTF8.GetBytes(typed), to);
    if (typed == "quit")
        chosen = null;
}

// "I am NAME" gives a sender its name; until then its end point is its name.
void Hear(EndPoint from, string words)
{
    string name = contacts.FirstOrDefault(contact => contact.Value.Equals(from)).Key ?? $"{from}";
    if (words.StartsWith("I am ", StringComparison.Ordinal))
    {
        contacts.TryRemove(name, out _);
        name = words["I am ".Length..];
    }

    contacts[name] = from;
    chosen = words == "quit" ? null : name;
    Console.WriteLine($"{name}: {words}");
    if (words == "quit")
        contacts.TryRemove(name, out _);
}
