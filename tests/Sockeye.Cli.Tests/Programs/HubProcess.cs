using System.Net.Sockets;
using System.Text;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>A hub as its own process, on ports that the system picks, with a data directory that tests may share.</summary>
internal sealed class HubProcess : IDisposable
{
    private HubProcess(SockeyeProcess sockeye) => Sockeye = sockeye;

    public SockeyeProcess Sockeye { get; }

    public static HubProcess Start(string data, params string[] options) => Start(new Dictionary<string, string>(), data, options);

    /// <param name="environment">Its variables beside the usual ones.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="options">More of the command line; an address for a door here is instead of the usual one.</param>
    public static HubProcess Start(IReadOnlyDictionary<string, string> environment, string data, params string[] options)
    {
        List<string> arguments = ["hub", "--data", data, .. options];
        foreach ((string door, string address) in new[] { ("--text", "tcp://127.0.0.1:0"), ("--web", "http://127.0.0.1:0"), ("--udp", "udp://127.0.0.1:0") })
        {
            if (!options.Contains(door))
                arguments.AddRange([door, address]);
        }

        return new HubProcess(SockeyeProcess.Start(environment, [.. arguments]));
    }

    /// <summary>Somebody who comes in by the plain-text door and says who they are.</summary>
    public async Task<TextPerson> ComesAsync(string name, string scheme = "tcp")
    {
        Address door = await Sockeye.ListensAsync(scheme);
        TextPerson person = await TextPerson.ConnectAsync(door);
        await person.SaysAsync(name);
        await person.Lines.FindAsync("You are in", "lobby");
        return person;
    }

    /// <summary>Asks it to stop as Ctrl-C does; its exit code.</summary>
    public Task<int> StopAsync()
    {
        Sockeye.Signal(SockeyeProcess.Interrupt);
        return Sockeye.EndAsync();
    }

    public void Dispose() => Sockeye.Dispose();
}

/// <summary>A client of the plain-text door, as nc is one.</summary>
internal sealed class TextPerson : IDisposable
{
    private readonly Socket _socket;

    private TextPerson(Socket socket)
    {
        _socket = socket;
        Ended = ReadAsync();
    }

    /// <summary>What it is told.</summary>
    public Lines Lines { get; } = new();

    /// <summary>The hub has ended the connection.</summary>
    public Task Ended { get; }

    public static async Task<TextPerson> ConnectAsync(Address door)
    {
        Socket socket = new(door.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(door.EndPoint);
        return new TextPerson(socket);
    }

    public async Task SaysAsync(string line) => await _socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public void Dispose()
    {
        _socket.Dispose();
        Lines.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using NetworkStream stream = new(_socket);
            using StreamReader reader = new(stream);
            while (await reader.ReadLineAsync() is { } line)
                Lines.Add(line);
        }
        catch (IOException)
        {
            // Reset, or closed here.
        }

        Lines.Complete();
    }
}
