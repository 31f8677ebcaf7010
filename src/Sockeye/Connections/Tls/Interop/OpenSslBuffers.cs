using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sockeye.Interop;

/// <summary>
/// Asks the OpenSSL that .NET uses to give a connection's two record buffers back while nothing is in them (SSL_CTX_set_mode(3), SSL_MODE_RELEASE_BUFFERS): 33 KB of
/// 50 that a waiting connection would hold. .NET has no option for it, so OpenSSL is asked to tell when it makes a context (CRYPTO_get_ex_new_index(3)), and those
/// made for a handshake of ours are told. Where there is no such OpenSSL, nothing happens, and connections take more memory.
/// </summary>
internal static unsafe class OpenSslBuffers
{
    private const int ContextClass = 1;
    private const int ControlMode = 33;
    private const int ReleaseBuffers = 0x10;

    private static readonly AsyncLocal<bool> Flow = new();
    private static readonly Lazy<bool> Hooked = new(Hook);
    private static delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> Control;
    private static int Told;

    /// <summary>How many contexts have said that they will.</summary>
    public static int ContextsTold => Volatile.Read(ref Told);

    /// <summary>Whether contexts that are made here and now are told.</summary>
    public static bool IsOn => Flow.Value;

    /// <summary>What the caller's asynchronous method makes of contexts from here on, until it returns.</summary>
    public static void ReleaseWhenIdle() => Flow.Value = Hooked.Value;

    /// <summary>A function that OpenSSL knows must stay for as long as the process.</summary>
    private static bool Hook()
    {
        if (!OperatingSystem.IsLinux() || typeof(OpenSslBuffers).Assembly.IsCollectible || LoadedLibrary() is not { } path || !NativeLibrary.TryLoad(path, out nint library))
            return false;
        if (!NativeLibrary.TryGetExport(library, "SSL_CTX_ctrl", out nint control) || !NativeLibrary.TryGetExport(library, "CRYPTO_get_ex_new_index", out nint register))
            return false;
        Control = (delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint>)control;
        var registering = (delegate* unmanaged[Cdecl]<int, nint, nint, delegate* unmanaged[Cdecl]<nint, nint, nint, int, nint, nint, void>, nint, nint, int>)register;
        return registering(ContextClass, 0, 0, &OnContext, 0, 0) >= 0;
    }

    /// <summary>The one that .NET has chosen and loaded: there may be several versions on a machine.</summary>
    private static string? LoadedLibrary()
    {
        try
        {
            // .NET loads it for the first thing it is asked to compute, and a client may have asked for nothing yet.
            _ = SHA256.HashData([]);
            foreach (string line in File.ReadLines("/proc/self/maps"))
            {
                int path = line.IndexOf('/', StringComparison.Ordinal);
                if (path >= 0 && Path.GetFileName(line.AsSpan(path)).StartsWith("libssl.so", StringComparison.Ordinal))
                    return line[path..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without /proc nobody can say which.
        }

        return null;
    }

    /// <summary>OpenSSL has made a context and set the modes it begins with; a connection takes them over when it is made of it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnContext(nint context, nint value, nint data, int index, nint number, nint argument)
    {
        if (IsOn && (Control(context, ControlMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0)
            Interlocked.Increment(ref Told);
    }
}
