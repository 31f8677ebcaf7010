namespace Sockeye.Bench.Race;

/// <summary>A folder that goes with its server.</summary>
internal sealed class ScratchFolder(string path) : IDisposable
{
    public void Dispose() => Directory.Delete(path, recursive: true);
}
