using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>A server that is measured: a process of its own at a port of the loopback, with a folder that goes when it does.</summary>
internal sealed class PeerServer(Process process, string folder, int port) : IDisposable
{
    public Process Process => process;

    public int Port => port;

    public static string CreateFolder() => Directory.CreateTempSubdirectory("sockeye-bench-").FullName;

    /// <summary>Writes a configuration.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Starts it, and returns when it listens. Null when the program is not installed; the folder is gone then.</summary>
    public static PeerServer? TryStart(ProcessStartInfo start, string folder, int port)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        try
        {
            PeerServer server = new(Process.Start(start)!, folder, port);

            // What it prints is of no interest, but it must not fill the pipe.
            server.Process.BeginOutputReadLine();
            server.Process.BeginErrorReadLine();
            try
            {
                server.WaitUntilItListens();
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
                throw;
            }
        }
        catch (Win32Exception e) when (e is not SocketException)
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void WaitUntilItListens()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
                return;
            }
            catch (SocketException) when (tries < 200 && !process.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }
}
