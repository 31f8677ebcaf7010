namespace Sockeye.Tests.Serving;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sockeye-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
