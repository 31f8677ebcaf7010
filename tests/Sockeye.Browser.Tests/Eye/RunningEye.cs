using Sockeye.Eye;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>A relay that is looked at, its page, and what connects through it.</summary>
internal sealed class RunningEye : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<Task> _relays = [];

    private RunningEye(EyeRecorder recorder) => Recorder = recorder;

    public EyeRecorder Recorder { get; }

    public FaultControl Faults { get; } = new(FaultPlan.None, seed: 1);

    public EyePage Page { get; private set; } = null!;

    public Listener Door { get; private set; } = null!;

    private Listener Target { get; set; } = null!;

    public static async Task<RunningEye> StartAsync(EyeRecorderOptions? options = null, TimeProvider? clock = null)
    {
        RunningEye eye = new(new EyeRecorder(clock, options));
        eye.Target = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        eye.Door = await Network.Host.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = eye.Recorder });
        eye.Page = await EyePage.StartAsync(new EyePageOptions { Recorder = eye.Recorder, Faults = eye.Faults, Title = $"{eye.Door.Address} to {eye.Target.Address}" });
        return eye;
    }

    /// <summary>Connects through the relay: the client, and the server's end of it.</summary>
    public async Task<(Connection Client, Connection Server)> ConnectAsync()
    {
        Connection client = await Network.Host.ConnectAsync(Door.Address);
        Connection first = (await Door.AcceptAsync())!;
        Connection second = await Network.Host.ConnectAsync(Target.Address, new ConnectorOptions { Observer = Recorder, OnBehalfOf = first });
        Connection server = (await Target.AcceptAsync())!;
        _open.AddRange([client, server]);
        _relays.Add(RelayAsync(first, second));
        return (client, server);
    }

    /// <summary>Relays the next that comes to a server of another program.</summary>
    public async Task RelayNextAsync(Address server)
    {
        Connection first = (await Door.AcceptAsync())!;
        Connection second = await Network.Host.ConnectAsync(server, new ConnectorOptions { Observer = Recorder, OnBehalfOf = first });
        _relays.Add(RelayAsync(first, second));
    }

    /// <summary>Relays all that come to a server of another program, until the door closes.</summary>
    public void RelayAll(Address server) => _relays.Add(RelayAllAsync(server));

    /// <summary>One says something, and the other has all of it.</summary>
    public static async Task SayAsync(Connection from, Connection to, ReadOnlyMemory<byte> what)
    {
        await from.Output.WriteAsync(what);
        await ReadAsync(to, what.Length);
    }

    public static Task SayAsync(Connection from, Connection to, string what) => SayAsync(from, to, System.Text.Encoding.UTF8.GetBytes(what));

    public static async Task ReadAsync(Connection connection, int length)
    {
        System.IO.Pipelines.ReadResult read = await connection.Input.ReadAtLeastAsync(length).AsTask().WaitAsync(Hang.Limit);
        connection.Input.AdvanceTo(read.Buffer.GetPosition(length));
    }

    /// <summary>Both say that they say no more, and all is closed.</summary>
    public static async Task EndAsync(Connection client, Connection server)
    {
        await client.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
        await server.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable each in _open)
            await each.DisposeAsync();
        await Door.DisposeAsync();
        await Task.WhenAll(_relays).WaitAsync(Hang.Limit);
        await Page.DisposeAsync();
        await Target.DisposeAsync();
        await Recorder.DisposeAsync();
    }

    private async Task RelayAllAsync(Address server)
    {
        List<Task> relays = [];
        while (await Door.AcceptAsync() is { } first)
            relays.Add(RelayAsync(first, await Network.Host.ConnectAsync(server, new ConnectorOptions { Observer = Recorder, OnBehalfOf = first })));
        await Task.WhenAll(relays);
    }

    private async Task RelayAsync(Connection first, Connection second)
    {
        (Connection from, Connection to) = Faults.Wrap(first, second);
        await using (from)
        await using (to)
            await Relay.RunAsync(from, to);
    }
}
