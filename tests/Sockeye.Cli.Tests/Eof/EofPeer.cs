namespace Sockeye.Cli.Tests.Eof;

/// <summary>The program's peer.</summary>
/// <param name="stream">What it reads and writes; it is owned.</param>
/// <param name="endAsync">Ends its sending, and goes on reading.</param>
public sealed class EofPeer(Stream stream, Func<Task> endAsync) : IAsyncDisposable
{
    public Stream Stream => stream;

    public Task EndAsync() => endAsync();

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
