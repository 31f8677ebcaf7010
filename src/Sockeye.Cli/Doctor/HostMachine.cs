using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Sockeye.Cli.Interop;

namespace Sockeye.Cli.Doctor;

/// <summary>This machine.</summary>
internal sealed class HostMachine(Network network) : Machine
{
    private const int AnswerBytesMax = 512; // RFC 1035, section 4.2.1
    private const ushort QuestionId = 0x5359;

    // RFC 1035, section 4.1: the ID, "recursion desired", one question: the name servers (type 2) of the root.
    private static readonly byte[] Question = [QuestionId >> 8, QuestionId & 0xFF, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

    public override bool IsLinux => OperatingSystem.IsLinux();

    public override TimeProvider Time => network.TimeProvider;

    public override string HostName => network.HostName;

    public override string DataDirectory => Hub.DataDirectory.DefaultPath;

    public override string TemporaryDirectory => Path.GetTempPath();

    public override IReadOnlyList<MachineLink> Links
    {
        get
        {
            try
            {
                return [.. NetworkInterface.GetAllNetworkInterfaces().Select(ToLink)];
            }
            catch (NetworkInformationException)
            {
                return [];
            }
        }
    }

    public override string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override bool HasDirectory(string path) => Directory.Exists(path);

    public override string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public override ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        network.ResolveAsync(name, cancellationToken: cancellationToken);

    public override void Bind(EndPoint local, ProtocolType protocol)
    {
        bool isUnix = local is UnixDomainSocketEndPoint;
        using NetworkSocket socket = network.CreateSocket(local.AddressFamily, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, isUnix ? ProtocolType.IP : protocol);
        if (local.AddressFamily == AddressFamily.InterNetworkV6)
            socket.DualMode = false;

        // As servers do: old connections in TIME-WAIT are no hindrance.
        if (protocol == ProtocolType.Tcp && !isUnix && !OperatingSystem.IsWindows())
            socket.ReuseAddress = true;
        socket.Bind(local);
        if (isUnix)
            File.Delete(local.ToString()!);
    }

    public override async ValueTask SpeakToItselfAsync(IPAddress address, CancellationToken cancellationToken)
    {
        using NetworkSocket server = network.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(address, 0));
        server.Listen();
        using NetworkSocket client = network.CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.LocalEndPoint!, cancellationToken).ConfigureAwait(false);
        using NetworkSocket accepted = await server.AcceptAsync(cancellationToken).ConfigureAwait(false);
        byte[] bytes = [1];
        await client.SendAllAsync(bytes, cancellationToken).ConfigureAwait(false);
        await accepted.ReceiveAllAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask AskNameServerAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        using NetworkSocket socket = network.CreateSocket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(Question, cancellationToken).ConfigureAwait(false);
        byte[] answer = new byte[AnswerBytesMax];
        int count;
        do
        {
            count = await socket.ReceiveAsync(answer, cancellationToken).ConfigureAwait(false);
        }
        while (count < 2 || BinaryPrimitives.ReadUInt16BigEndian(answer) != QuestionId);
    }

    public override int TryIoUring() => KernelProbes.TryIoUring();

    public override int TryEpoll() => KernelProbes.TryEpoll();

    public override bool? IsClockSynchronized() => IsLinux ? KernelProbes.IsClockSynchronized() : null;

    public override async ValueTask<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        // Where administrators' programs are need not be where this user looks for programs.
        string[] folders = [.. (Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];
        if (Array.Find(folders, folder => File.Exists(Path.Combine(folder, program))) is not { } found)
            return null;
        ProcessStartInfo start = new(Path.Combine(found, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                process.StandardInput.Close();
                Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
                string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                await errors.ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                return process.ExitCode == 0 ? output : null;
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    private static MachineLink ToLink(NetworkInterface link)
    {
        IPInterfaceProperties properties = link.GetIPProperties();
        return new MachineLink(
            link.Name,
            link.OperationalStatus is not OperationalStatus.Down and not OperationalStatus.NotPresent,
            link.NetworkInterfaceType == NetworkInterfaceType.Loopback,
            MtuOf(properties),
            [.. properties.UnicastAddresses.Select(each => each.Address)]);
    }

    private static int? MtuOf(IPInterfaceProperties properties)
    {
        try
        {
            return properties.GetIPv4Properties()?.Mtu is int mtu and > 0 ? mtu : null;
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
