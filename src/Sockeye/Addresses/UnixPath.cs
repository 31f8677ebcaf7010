using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>
/// Names of Unix sockets: as bytes (an abstract one begins with NUL, an unnamed one is empty), as the text of an address, and as an
/// end point. Bytes, because that is what the kernel keeps: a path need not be UTF-8, and an abstract name may hold NUL.
/// </summary>
internal static class UnixPath
{
    /// <summary>What stands for a socket without a name. A file of this name is written with an escape.</summary>
    public const string Unnamed = "(unnamed)";

    // sun_path without the final NUL: unix(7); 104 bytes on the BSDs, of which macOS is one.
    public static readonly int BytesMax =
        OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() || OperatingSystem.IsWindows() ? 107 : 103;

    // sa_family on Linux and Windows; sun_len and sun_family on the BSDs.
    private const int SocketAddressHeaderBytes = 2;

    public static bool IsAbstract(ReadOnlySpan<byte> bytes) => bytes is [0, ..];

    /// <summary>The bytes of an end point's name.</summary>
    public static byte[] GetBytes(UnixDomainSocketEndPoint endPoint)
    {
        SocketAddress socketAddress = endPoint.Serialize();
        Span<byte> name = socketAddress.Buffer.Span[SocketAddressHeaderBytes..socketAddress.Size];
        if (IsAbstract(name))
            return name.ToArray();
        int end = name.IndexOf((byte)0);
        return (end < 0 ? name : name[..end]).ToArray();
    }

    /// <summary>The end point with this name.</summary>
    public static UnixDomainSocketEndPoint CreateEndPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && Utf8.IsValid(bytes))
            return new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(bytes));

        // Only a socket address carries what is not UTF-8, or nothing at all.
        bool terminate = bytes.Length > 0 && !IsAbstract(bytes);
        SocketAddress socketAddress = new(AddressFamily.Unix, SocketAddressHeaderBytes + bytes.Length + (terminate ? 1 : 0));
        for (int index = 0; index < bytes.Length; index++)
            socketAddress[SocketAddressHeaderBytes + index] = bytes[index];
        return (UnixDomainSocketEndPoint)new UnixDomainSocketEndPoint("/").Create(socketAddress);
    }

    /// <summary>Reads the text between scheme and options; returns the problem, or null.</summary>
    public static string? Read(string text, AddressScheme scheme, out UnixDomainSocketEndPoint? endPoint)
    {
        endPoint = null;
        bool isAbstract = scheme.Kind == AddressKind.UnixAbstract;
        if (text.Length == 0)
            return isAbstract ? "it has no name; try abstract://name" : $"it has no path; try {scheme.Name}:///tmp/name.sock";
        if (!isAbstract && text == Unnamed)
            return $"{Unnamed} stands for a socket without a name, which nothing can reach; give a path";
        if (!Socket.OSSupportsUnixDomainSockets)
            return "this system has no Unix domain sockets; try tcp://localhost:8888";
        if (Unescape(text, out List<byte> bytes) is { } problem)
            return problem;
        if (!isAbstract && bytes.Contains(0))
            return "a path cannot hold %00; remove it";
        if (bytes.Count > BytesMax)
            return $"its {(isAbstract ? "name" : "path")} has {bytes.Count} bytes of UTF-8, but {BytesMax} is the system's limit; shorten it";
        if (isAbstract)
            bytes.Insert(0, 0);
        endPoint = CreateEndPoint([.. bytes]);
        return null;
    }

    /// <summary>The text that <see cref="Read"/> reads back.</summary>
    public static string Print(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Unnamed;
        StringBuilder builder = new();
        ReadOnlySpan<byte> rest = IsAbstract(bytes) ? bytes[1..] : bytes;
        while (!rest.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == OperationStatus.Done;
            if (!isValid || rune.Value is '%' or '?' || AddressCharacters.NeedsEscape(rune))
                builder.Append(AddressCharacters.Escape(rest[..length]));
            else
                builder.Append(rune);
            rest = rest[length..];
        }

        string text = builder.ToString();
        return text == Unnamed && !IsAbstract(bytes) ? "%28" + text[1..] : text;
    }

    private static string? Unescape(string text, out List<byte> bytes)
    {
        bytes = [];
        for (int position = 0; position < text.Length;)
        {
            if (text[position] == '%')
            {
                if (AddressCharacters.Unescape(text, position) is not { } value)
                    return "a % needs two hexadecimal digits after it; write %25 for the sign itself";
                bytes.Add(value);
                position += 3;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(position), out Rune rune, out int length);
            bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
            position += length;
        }

        return null;
    }
}
