using System.Globalization;
using System.Net.Sockets;
using Sockeye.Hub.Gateways;

namespace Sockeye.Hub;

/// <summary>What <see cref="HubOptions"/> can be: looked at before anything is opened, so that what is wrong is said of the option and not of what came of it.</summary>
internal static class HubOptionRules
{
    /// <summary>Looks at all of them.</summary>
    /// <exception cref="HubOptionException">One cannot be.</exception>
    public static void Check(HubOptions options)
    {
        bool hasCertificate = options.TlsCertificate is not null;
        DoorRule.Text.Check(options.Text, hasCertificate);
        DoorRule.Udp.Check(options.Udp, hasCertificate);
        DoorRule.Unix.Check(options.Unix, hasCertificate);
        DoorRule.Web.Check(options.Web, hasCertificate);
        bool hasUnix = options.Unix is { } unix ? unix != HubOptions.Off : options.DataDirectory is not null;
        if (!hasUnix && options is { Text: HubOptions.Off, Udp: HubOptions.Off, Web: HubOptions.Off })
            throw new HubOptionException(nameof(HubOptions.Text), "every door is off, so nobody could come in: leave one of them open");
        if (options.TlsKey is not null && !hasCertificate)
            throw new HubOptionException(nameof(HubOptions.TlsKey), "there is no certificate that it belongs to");
        if (options.DataDirectory is { } directory && string.IsNullOrWhiteSpace(directory))
            throw new HubOptionException(nameof(HubOptions.DataDirectory), "it is a directory's path, and not empty");
        if (File.Exists(options.DataDirectory))
            throw new HubOptionException(nameof(HubOptions.DataDirectory), DataDirectory.ExplainFile(options.DataDirectory));
        if (options.Advertise is { } told && InterfaceAddresses.Read(told) is null)
            throw new HubOptionException(nameof(HubOptions.Advertise), $"it cannot be \"{told}\": it is IP addresses, with commas between them, as in 192.0.2.20,2001:db8::20");
        HubLimitRules.Check(options);
    }

    /// <summary>Looks at the certificate for TLS, if there is one.</summary>
    /// <returns>What is worth knowing of it; null: nothing.</returns>
    /// <exception cref="HubOptionException">A file is missing, or the key is not the certificate's.</exception>
    public static string? CheckCertificate(HubOptions options, TimeProvider time)
    {
        if (options.TlsCertificate is not { } path)
            return null;
        try
        {
            using TlsCertificate loaded = TlsCertificate.LoadPem(path, options.TlsKey);
            DateTime now = time.GetUtcNow().UtcDateTime;
            (DateTime first, DateTime last) = (loaded.Certificate.NotBefore.ToUniversalTime(), loaded.Certificate.NotAfter.ToUniversalTime());
            if (last < now)
                return $"the certificate in {path} has expired on {Date(last)}: browsers and clients will refuse it";
            return first > now ? $"the certificate in {path} is good from {Date(first)} on: until then browsers and clients will refuse it" : null;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new HubOptionException(nameof(HubOptions.TlsCertificate), e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The Unix socket of a hub that was not told where to have one.</summary>
    /// <returns>Its address; null: it cannot have one there.</returns>
    public static string? UnixByDefault(string directory)
    {
        string path = Path.Combine(Path.GetFullPath(directory), "hub.sock");
        try
        {
            return Address.FromEndPoint(new UnixDomainSocketEndPoint(path), SocketType.Stream).ToString();
        }
        catch (ArgumentException)
        {
            // The kernel's limit, 108 bytes on Linux.
            return null;
        }
    }

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
