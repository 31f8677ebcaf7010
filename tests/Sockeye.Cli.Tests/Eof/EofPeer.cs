using System.Net.Sockets;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>The program's peer.</summary>
/// <param name="socket">What it is connected by.</param>
/// <param name="stream">What it reads and writes; it is owned, and the socket by it.</param>
/// <param name="endAsync">Ends its sending, and goes on reading.</param>
public sealed class EofPeer(Socket socket, Stream stream, Func<Task> endAsync) : IAsyncDisposable
{
    public Socket Socket => socket;

    public Stream Stream => stream;

    public Task EndAsync() => endAsync();

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
