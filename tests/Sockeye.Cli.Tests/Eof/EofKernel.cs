using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>What the kernel knows of the pipes and the sockets between this process and a program: whether they are full, and whether they are silent.</summary>
public static partial class EofKernel
{
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int OpenToWrite = 0x80801; // O_WRONLY, O_NONBLOCK, O_CLOEXEC
    private const string Ss = "/usr/bin/ss";

    /// <summary>Whether the kernel can be asked about another process's socket: by ss, of the package iproute2.</summary>
    public static bool KnowsSockets => File.Exists(Ss);

    /// <summary>Whether a write to the pipe would have to wait. Asked of either end.</summary>
    public static bool IsFull(PipeStream pipe)
    {
        // Opening it again is the way to ask for writing with the end that reads.
        int writer = open($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", OpenToWrite);
        if (writer < 0)
            throw new IOException($"The pipe cannot be asked: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            return !IsReady(writer, PollOut);
        }
        finally
        {
            _ = close(writer);
        }
    }

    /// <summary>Whether there is nothing to be read from the pipe, not even its end.</summary>
    public static bool IsSilent(PipeStream pipe) => !IsReady((int)pipe.SafePipeHandle.DangerousGetHandle(), PollIn);

    /// <summary>
    /// Whether the other process's end of this connection takes no more from it. These are the kernel's own rules for a socket that is not writable:
    /// sk_stream_is_writeable of TCP, where less than half of what waits is free, and a Unix socket's buffer, which what waits fills.
    /// </summary>
    public static async Task<bool> IsOtherEndFullAsync(Socket socket, CancellationToken stop)
    {
        bool isUnix = socket.AddressFamily == AddressFamily.Unix;
        string[] filter = isUnix ? ["-x"] : ["-t", "src", $"{socket.RemoteEndPoint}", "dst", $"{socket.LocalEndPoint}"];
        string table = await RunAsync(Ss, ["-H", "-n", "-m", "-O", .. filter], stop);
        string line = isUnix ? table.Split('\n').Single(each => each.Contains($" {InodeOf(socket)} ", StringComparison.Ordinal) && PeerInode().Match(each).Groups[1].Value == InodeOf(socket)) : table;
        GroupCollection memory = Memory().Match(line).Groups;
        long Number(string name) => long.Parse(memory[name].Value, CultureInfo.InvariantCulture);
        return isUnix ? Number("allocated") >= Number("size") : Number("size") - Number("queued") < Number("queued") / 2;
    }

    private static string InodeOf(Socket socket)
    {
        string target = new FileInfo($"/proc/self/fd/{socket.Handle}").LinkTarget!; // socket:[4711]
        return target[(target.IndexOf('[', StringComparison.Ordinal) + 1)..^1];
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken stop)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return output;
    }

    private static bool IsReady(int descriptor, short events)
    {
        PollEntry entry = new() { Descriptor = descriptor, Events = events };
        return poll(ref entry, 1, 0) > 0;
    }

    /// <summary>Of a socket's memory as ss -m prints it: t and w wait to be sent, and tb is the size of the buffer.</summary>
    [GeneratedRegex(@"skmem:\(r\d+,rb\d+,t(?<allocated>\d+),tb(?<size>\d+),f\d+,w(?<queued>\d+),")]
    private static partial Regex Memory();

    /// <summary>Of a Unix socket: its own address and number, and those of its peer.</summary>
    [GeneratedRegex(@"\S+ +\d+ +\S+ +(\d+)\s+skmem:")]
    private static partial Regex PeerInode();

    [DllImport("libc", SetLastError = true)]
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Generated marshalling would be unsafe code.")]
    private static extern int poll(ref PollEntry entries, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Generated marshalling would be unsafe code.")]
    [SuppressMessage("Globalization", "CA2101", Justification = "The path is ASCII.")]
    private static extern int open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libc")]
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Generated marshalling would be unsafe code.")]
    private static extern int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    [SuppressMessage("Minor Code Smell", "S3459", Justification = "The kernel sets it.")]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
