using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Cli.Output;
using Sockeye.Cli.Services;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tests.Serving;

/// <summary>A service that runs on addresses of this machine, and the lines it writes. Unix sockets are in a folder of their own.</summary>
internal sealed class RunningServe : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-");
    private readonly CancellationTokenSource _stop = new();
    private EventLog _log = null!;

    public Lines Lines { get; } = new();

    public Task Running { get; private set; } = Task.CompletedTask;

    public IReadOnlyList<Address> Addresses { get; private set; } = [];

    /// <summary>In the addresses, <c>FOLDER</c> stands for the folder.</summary>
    public static async Task<RunningServe> StartAsync(Service service, string addresses, ServeSettings? settings = null)
    {
        RunningServe serve = new();
        serve._log = new EventLog(serve.Lines, new TextFormat(() => 200), TimeProvider.System);
        Address[] asked = [.. addresses.Replace("FOLDER", serve._folder.FullName, StringComparison.Ordinal).Split(' ').Select(Address.Parse)];
        serve.Running = new ServeProgram(Network.Host, service, settings ?? new ServeSettings(), serve._log).RunAsync(asked, serve._stop.Token);
        while (serve.Lines.All.Length < asked.Length)
            await Task.WhenAny(serve.Lines.FindAsync("listening on"), serve.Running);
        serve.Addresses = [.. serve.Lines.All.Select(line => Address.Parse(line["listening on ".Length..]))];
        return serve;
    }

    /// <summary>Connects to the only address, or to the one of the scheme.</summary>
    public async Task<Socket> ConnectAsync(string? scheme = null)
    {
        Address address = Addresses.First(address => scheme is null || address.Scheme == scheme);
        ProtocolType protocol = address.EndPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : address.ProtocolType;
        Socket socket = new(address.EndPoint.AddressFamily, address.SocketType, protocol);
        if (address.Scheme == "unix-dgram")
            socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, Path.GetRandomFileName())));
        await socket.ConnectAsync(address.EndPoint);
        return socket;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running.WaitAsync(Lines.Patience);
        await _log.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }
}

internal static class SocketTalk
{
    public static async Task SayAsync(this Socket socket, string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>One receive; empty at the end.</summary>
    public static async Task<string> HearAsync(this Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        int count = await socket.ReceiveAsync(buffer).WaitAsync(Lines.Patience);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    /// <summary>Receives until as many bytes are there.</summary>
    public static async Task<string> HearAsync(this Socket socket, string expected)
    {
        byte[] buffer = new byte[Encoding.UTF8.GetByteCount(expected)];
        int length = 0;
        while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length)).AsTask().WaitAsync(Lines.Patience) is > 0 and int count)
            length += count;
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Receives until the end.</summary>
    public static async Task<string> HearAllAsync(this Socket socket)
    {
        StringBuilder all = new();
        while (await socket.HearAsync() is { Length: > 0 } part)
            all.Append(part);
        return all.ToString();
    }
}
