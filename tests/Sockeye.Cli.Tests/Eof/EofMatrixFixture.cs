namespace Sockeye.Cli.Tests.Eof;

/// <summary>Gathers the answers of one transport, and prints them at the end.</summary>
public sealed class EofMatrixFixture : IDisposable
{
    private readonly Lock _lock = new();
    private EofMatrix? _matrix;

    public void Add(string transport, EofCell cell, bool passed)
    {
        lock (_lock)
            (_matrix ??= new EofMatrix($"sockeye over {transport}")).Add(cell, passed);
    }

    public void Dispose() => Console.Out.WriteLine($"\n{_matrix?.Print()}");
}
