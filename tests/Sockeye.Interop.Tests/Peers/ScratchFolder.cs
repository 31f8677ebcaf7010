namespace Sockeye.Interop.Tests.Peers;

/// <summary>A folder for Unix sockets, gone with the test. Its name is short, because the kernel's limit for a path is, and Chinese.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("套接字-").FullName;

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
