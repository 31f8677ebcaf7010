using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Tests.Relaying;

/// <summary>A relay on a free port of this machine, a target of the test's own, and the lines it writes.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private EventLog _log = null!;

    public Lines Lines { get; } = new();

    public Socket Target { get; private set; } = null!;

    public Address Address { get; private set; } = null!;

    public Task Running { get; private set; } = Task.CompletedTask;

    public static async Task<RunningRelay> StartAsync(RelaySettings? settings = null, string options = "", bool isJson = false)
    {
        RunningRelay relay = new() { Target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) };
        relay.Target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        relay.Target.Listen();
        relay._log = new EventLog(relay.Lines, isJson ? new JsonFormat() : new TextFormat(() => 200), TimeProvider.System);
        Address[] from = [$"tcp://127.0.0.1:0{options}"];
        relay.Running = new RelayProgram(Network.Host, $"tcp://{relay.Target.LocalEndPoint}", settings ?? new RelaySettings(), relay._log).RunAsync(from, relay._stop.Token);
        string line = await relay.Lines.FindAsync("listening");
        int at = line.IndexOf("tcp://", StringComparison.Ordinal);
        relay.Address = line[at..].Split('"', ' ')[0];
        return relay;
    }

    public async Task<Socket> ConnectAsync()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address.EndPoint);
        return socket;
    }

    public Task<Socket> AcceptAsync() => Target.AcceptAsync().WaitAsync(Lines.Patience);

    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.WaitAsync(Lines.Patience);
        await _log.DisposeAsync();
        Target.Dispose();
        _stop.Dispose();
    }
}
