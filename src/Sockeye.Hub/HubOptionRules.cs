using System.Globalization;
using System.Net.Sockets;
using Sockeye.Hub.Gateways;

namespace Sockeye.Hub;

/// <summary>What <see cref="HubOptions"/> can be: looked at before anything is opened, so that what is wrong is said of the option and not of what came of it.</summary>
internal static class HubOptionRules
{
    /// <summary>The longest message and what is around it must fit into a queue.</summary>
    private const int QueueBytesMin = 16 * 1024;

    private static readonly TimeSpan DrainTimeoutMax = TimeSpan.FromHours(1);

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
        AtLeast(nameof(HubOptions.TextConnectionsMax), options.TextConnectionsMax, 1);
        AtLeast(nameof(HubOptions.TextConnectionsPerAddressMax), options.TextConnectionsPerAddressMax, 1);
        AtLeast(nameof(HubOptions.WebConnectionsMax), options.WebConnectionsMax, 1);
        AtLeast(nameof(HubOptions.WebConnectionsPerAddressMax), options.WebConnectionsPerAddressMax, 1);
        AtLeast(nameof(HubOptions.UdpClientsMax), options.UdpClientsMax, 1);
        AtLeast(nameof(HubOptions.UdpClientsPerAddressMax), options.UdpClientsPerAddressMax, 1);
        AtLeast(nameof(HubOptions.QueueMessagesMax), options.QueueMessagesMax, 1);
        AtLeast(nameof(HubOptions.QueueBytesMax), options.QueueBytesMax, QueueBytesMin);
        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > DrainTimeoutMax)
            throw new HubOptionException(nameof(HubOptions.DrainTimeout), "it is a time from 0 s to 1 hour");
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

    private static void AtLeast(string option, int value, int minimum)
    {
        if (value < minimum)
            throw new HubOptionException(option, string.Create(CultureInfo.InvariantCulture, $"it cannot be {value}: it is a whole number from {minimum:#,0} on"));
    }

    private static string Date(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
