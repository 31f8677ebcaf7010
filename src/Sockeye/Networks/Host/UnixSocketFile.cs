using System.Net.Sockets;

namespace Sockeye;

/// <summary>The files of Unix sockets: which is whose, which is dead, and who removes it.</summary>
internal static class UnixSocketFile
{
    private static int TakenAway;

    /// <summary>The path in the file system, or null for an abstract or missing name.</summary>
    public static string? Of(UnixDomainSocketEndPoint endPoint)
    {
        string name = endPoint.ToString();
        return name.Length == 0 || name[0] is '@' or '\0' ? null : Path.GetFullPath(name);
    }

    /// <summary>
    /// Removes a socket file that nobody answers on, left by a server that died. A file that is no socket, or whose server lives, stays:
    /// binding then fails with the address in use.
    /// </summary>
    public static async ValueTask RemoveIfStaleAsync(SystemNetwork network, UnixDomainSocketEndPoint endPoint, SocketType type, CancellationToken cancellationToken)
    {
        if (Of(endPoint) is not { } path || !IsSocket(path))
            return;
        Identity before = Identity.Read(path);
        using NetworkSocket probe = network.CreateUnobserved(AddressFamily.Unix, type);
        SocketError answer = await probe.TryConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        if (answer == SocketError.ConnectionRefused && Identity.Read(path) == before)
            before.TakeAway();
    }

    /// <summary>What to try when a name is in use: it depends on what is there.</summary>
    /// <param name="endPoint">The name.</param>
    /// <param name="owner">Who has it, if that is known.</param>
    public static string AdviseInUse(UnixDomainSocketEndPoint endPoint, string? owner)
    {
        if (Of(endPoint) is not { } path)
            return $"{owner ?? "a program"} has it; choose another name";
        if (Directory.Exists(path))
            return "a folder is there; choose another path";
        if (!IsSocket(path))
            return "a file that is no socket is there; remove it or choose another path";
        return owner is null
            ? "a socket is there; remove it if no program has it any more, or choose another path"
            : $"{owner} has it; choose another path";
    }

    public static void SetMode(UnixDomainSocketEndPoint endPoint, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && Of(endPoint) is { } path)
            File.SetUnixFileMode(path, mode);
    }

    /// <summary>Which file <paramref name="endPoint"/> names now; null for names outside the file system.</summary>
    public static Identity? Identify(UnixDomainSocketEndPoint endPoint) => Of(endPoint) is { } path ? Identity.Read(path) : null;

    private static bool IsSocket(string path)
    {
        FileInfo file = new(path);
        return file.Exists && Interop.LibC.IsSocket(path);
    }

    /// <summary>A file by its path and what the file system numbers it with.</summary>
    public sealed record Identity(string Path, ulong Device, ulong Inode)
    {
        public static Identity Read(string path)
        {
            Interop.LibC.TryIdentify(path, out ulong device, out ulong inode);
            return new Identity(path, device, inode);
        }

        /// <summary>Removes the file if it is still this one.</summary>
        public void RemoveFile()
        {
            if (Read(Path) != this)
                return;
            try
            {
                TakeAway();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The directory went, or its permission did: a stale file is left, which the next server replaces.
            }
        }

        /// <summary>
        /// Removes the file, under a name of its own first: looked at and then deleted by its name, it could be another server's by then, which replaced
        /// it in between. Such a one gets its name back.
        /// </summary>
        public void TakeAway()
        {
            string aside = $"{Path}.{Environment.ProcessId}.{Interlocked.Increment(ref TakenAway)}.stale";
            try
            {
                File.Move(Path, aside, overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Another was faster.
                return;
            }

            if (Read(aside) with { Path = Path } == this)
                File.Delete(aside);
            else
                File.Move(aside, Path);
        }
    }
}
