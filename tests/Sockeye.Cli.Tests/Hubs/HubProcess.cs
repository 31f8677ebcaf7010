using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Tests.Programs;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary><c>sockeye hub</c> as its own process, on a data directory of the test's and ports that are free.</summary>
internal sealed class HubProcess : IDisposable
{
    private const string Kill9 = "KILL";

    private readonly SockeyeProcess _process;

    private HubProcess(SockeyeProcess process) => _process = process;

    public int Id => _process.Id;

    public IPEndPoint Text { get; private set; } = new(IPAddress.None, 0);

    /// <summary>The page's address.</summary>
    public Uri Page { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What it says on its standard error.</summary>
    public Lines Notices => _process.Errors;

    public static Task<HubProcess> StartAsync(string data) => StartThroughAsync([], data);

    /// <summary>As the last words of another command, such as <c>strace</c>.</summary>
    public static async Task<HubProcess> StartThroughAsync(string[] wrapper, string data)
    {
        string[] arguments = ["hub", "--data", data, "--text", "tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0", "--udp", "off", "--unix", "off"];
        HubProcess hub = new(wrapper.Length == 0 ? SockeyeProcess.Start(arguments) : SockeyeProcess.StartThrough(wrapper, arguments));
        try
        {
            hub.Text = (IPEndPoint)(await hub._process.ListensAsync()).EndPoint;
            string line = await hub.Notices.FindAsync("listening on ", "http://");
            hub.Page = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0]);
            return hub;
        }
        catch
        {
            hub.Dispose();
            throw;
        }
    }

    /// <summary>Somebody in the lobby, by the text door.</summary>
    public async Task<TextPerson> EnterAsync(string name)
    {
        TcpClient client = new();
        await client.ConnectAsync(Text);
        TextPerson person = new(client);
        await person.SayAsync(name);
        await person.Screen.FindAsync("You are in #lobby");
        return person;
    }

    /// <summary>Ends it as the kernel does when memory is short: at once.</summary>
    public async Task KillAsync()
    {
        _process.Signal(Kill9);
        await _process.EndAsync();
    }

    /// <summary>Ends it as Ctrl-C does; its exit code.</summary>
    public Task<int> InterruptAsync()
    {
        _process.Signal(SockeyeProcess.Interrupt);
        return _process.EndAsync();
    }

    public void Dispose() => _process.Dispose();
}
