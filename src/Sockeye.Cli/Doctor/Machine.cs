using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor;

/// <summary>What checks see of a machine, and all they may try on it: tests give them another.</summary>
internal abstract class Machine
{
    /// <summary>How long a check waits for others before it says that they do not answer: shorter than what the check itself is given.</summary>
    public required TimeSpan Patience { get; init; }

    public abstract bool IsLinux { get; }

    public abstract TimeProvider Time { get; }

    public abstract string HostName { get; }

    /// <summary>Where the hub keeps its data unless told.</summary>
    public abstract string DataDirectory { get; }

    /// <summary>Where programs put what is not to last.</summary>
    public abstract string TemporaryDirectory { get; }

    public abstract IReadOnlyList<MachineLink> Links { get; }

    /// <summary>A text file's contents; null when it is not there, or not for us to read.</summary>
    public abstract string? Read(string path);

    public abstract bool HasDirectory(string path);

    public abstract string? Variable(string name);

    /// <exception cref="SocketException">The name does not resolve.</exception>
    public abstract ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Binds a socket as a server does, without listening, and closes it again.</summary>
    /// <exception cref="SocketException">It cannot be bound; the message names who has it.</exception>
    public abstract void Bind(EndPoint local, ProtocolType protocol);

    /// <summary>Sends a byte over a TCP connection from an address to itself.</summary>
    /// <exception cref="SocketException">That does not work.</exception>
    public abstract ValueTask SpeakToItselfAsync(IPAddress address, CancellationToken cancellationToken);

    /// <summary>Sends a name server a question and waits for any answer.</summary>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public abstract ValueTask AskNameServerAsync(IPEndPoint server, CancellationToken cancellationToken);

    /// <summary>Makes an io_uring and closes it: 0, or errno.</summary>
    public abstract int TryIoUring();

    /// <summary>Makes an epoll instance and closes it: 0, or errno.</summary>
    public abstract int TryEpoll();

    /// <summary>Whether the kernel is told by anybody that its clock is right; null: it does not say.</summary>
    public abstract bool? IsClockSynchronized();

    /// <summary>What a program writes to standard output; null when there is no such program or it fails.</summary>
    public abstract ValueTask<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken);

    /// <summary>A file's lines without empty ones; none when there is no such file.</summary>
    public string[] Lines(string path) => Read(path)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The words of a file's lines, without comments.</summary>
    public IEnumerable<string[]> Words(string path) => Lines(path)
        .Select(line => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 0);

    /// <summary>The numbers of a file that has nothing else, as those under /proc/sys; none when there is no such file.</summary>
    public long[] Numbers(string path)
    {
        string[] words = Read(path)?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        long[] numbers = new long[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return [];
        }

        return numbers;
    }

    /// <summary>The first of a file's numbers; null when there is none.</summary>
    public long? Number(string path) => Numbers(path) is [long first, ..] ? first : null;

    /// <summary>The value of a line "Name: value" of <c>/proc/self/status</c>; "" when there is none.</summary>
    public string Status(string name) =>
        Array.Find(Lines("/proc/self/status"), line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() ?? "";

    /// <summary>Whether this process has a capability, by its number in capabilities(7).</summary>
    public bool HasCapability(int number) =>
        ulong.TryParse(Status("CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set) && ((set >> number) & 1) == 1;

    /// <summary>A value of <c>/proc/net/sockstat</c>, as in "TCP: inuse 5 orphan 0 tw 12 alloc 9 mem 3".</summary>
    public long? SocketStatistic(string protocol, string name)
    {
        string[]? words = Words("/proc/net/sockstat").FirstOrDefault(words => words[0] == protocol + ":");
        int at = words is null ? -1 : Array.IndexOf(words, name);
        return at > 0 && at + 1 < words!.Length && long.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }
}
