using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.FunctionTable;

/// <summary>
/// The rows of docs/python-socket.md. What stands there as C# stands here between "// snippet:" and "// end snippet"; a test of the repository
/// compares the two.
/// </summary>
public abstract class FunctionTableTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new(Hang.Limit);
    private readonly List<IDisposable> _opened = [];

    protected CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (IDisposable opened in _opened)
            opened.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A socket that waits no longer than the test may.</summary>
    protected NetworkSocket Open(AddressFamily family = AddressFamily.InterNetwork, SocketType type = SocketType.Stream) =>
        Keep(Network.Host.CreateSocket(family, type));

    protected NetworkSocket OpenBound(SocketType type)
    {
        NetworkSocket socket = Open(type: type);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    protected NetworkSocket OpenListening()
    {
        NetworkSocket listener = OpenBound(SocketType.Stream);
        listener.Listen();
        return listener;
    }

    protected (NetworkSocket Client, NetworkSocket Server) OpenTcp()
    {
        NetworkSocket listener = OpenListening(), client = Open();
        client.Connect(listener.LocalEndPoint!);
        return (client, Keep(listener.Accept()));
    }

    protected (NetworkSocket First, NetworkSocket Second) OpenPair(SocketType type = SocketType.Stream)
    {
        (NetworkSocket first, NetworkSocket second) = Network.Host.CreatePair(type);
        return (Keep(first), Keep(second));
    }

    /// <summary>A port that was free a moment ago and is kept from others, where nobody listens.</summary>
    protected EndPoint ClosedEndPoint() => OpenBound(SocketType.Stream).LocalEndPoint!;

    protected TempFolder OpenFolder()
    {
        TempFolder folder = new();
        _opened.Add(folder);
        return folder;
    }

    protected NetworkSocket Keep(NetworkSocket socket)
    {
        socket.Timeout = Hang.Limit;
        _opened.Add(socket);
        return socket;
    }

    /// <summary>For Unix paths: short, because they may have 108 bytes only.</summary>
    protected sealed class TempFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sockeye-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
