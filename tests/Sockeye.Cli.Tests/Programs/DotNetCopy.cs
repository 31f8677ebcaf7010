using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>A copy of the program <c>dotnet</c> on the same runtime, which everybody may run, and which may be given rights of its own.</summary>
internal sealed class DotNetCopy : IDisposable
{
    // A space, because paths may have one and what is advised names the path.
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye dotnet").FullName;

    private static readonly string[] Links = ["host", "shared"];

    public DotNetCopy()
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        File.Copy(Path.Combine(root, "dotnet"), Program);
        foreach (string part in Links)
            Directory.CreateSymbolicLink(Path.Combine(_folder, part), Path.Combine(root, part));
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder, Everybody);
        File.SetUnixFileMode(Program, Everybody);
    }

    public string Program => Path.Combine(_folder, "dotnet");

    /// <summary>Whether files here may be given capabilities at all; tried on another file.</summary>
    public bool TakesCapabilities()
    {
        string file = Path.Combine(_folder, "probe");
        File.WriteAllText(file, "");
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "setcap cap_net_raw+ep \"$0\"", file]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    public void Dispose()
    {
        foreach (string link in Links)
            File.Delete(Path.Combine(_folder, link));
        File.Delete(Path.Combine(_folder, "probe"));
        File.Delete(Program);
        Directory.Delete(_folder);
    }
}
