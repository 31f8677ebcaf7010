namespace Sockeye.Cli.Commands;

/// <summary>Files and texts of TLS options: what is wrong with one is wrong usage, and named with its option.</summary>
internal static class TlsFiles
{
    /// <summary>Reads what an option says.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public static T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    /// <summary>Starts the key log, if one is asked for: before the first handshake.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public static void StartKeyLog(string option, string? path)
    {
        if (path is not null)
        {
            Read(option, () =>
            {
                TlsKeyLog.Enable(path);
                return path;
            });
        }
    }

    /// <summary>The protocols of <c>--alpn h2,http/1.1</c>.</summary>
    /// <exception cref="UsageException">There are none in it.</exception>
    public static IReadOnlyList<string> SplitProtocols(string? text)
    {
        if (text is null)
            return [];
        string[] protocols = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return protocols.Length > 0 ? protocols : throw new UsageException($"--alpn cannot be \"{text}\": it is a list, as in h2,http/1.1");
    }
}
