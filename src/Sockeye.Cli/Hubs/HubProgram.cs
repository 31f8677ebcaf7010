using System.Globalization;
using System.Net;
using Sockeye.Cli.Output;
using Sockeye.Hub;

namespace Sockeye.Cli.Hubs;

/// <summary>A hub from its start to its end, and what is told of it.</summary>
internal sealed class HubProgram(CliEnvironment environment, EventLog log)
{
    /// <summary>A hub that has room for fewer clients than this says so: as a rule nobody knows that there is a limit until it is reached.</summary>
    private const int ConnectionsMin = 500;

    private volatile HubServer? _hub;

    /// <summary>Serves until <paramref name="stop"/> fires and every client was told.</summary>
    /// <param name="options">What it shall be.</param>
    /// <param name="ownerLinkTo">Where the link for another owner is written even when no events are; null: nowhere else.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="HubOptionException">An option cannot be.</exception>
    public async Task RunAsync(HubOptions options, TextWriter? ownerLinkTo, CancellationToken stop)
    {
        await using HubServer hub = await HubServer.StartAsync(options with { OnNotice = Notice }, environment.Network, stop);
        _hub = hub;
        TellWhere(hub, options);
        TellOwner(hub, options, ownerLinkTo);
        if (DescriptorCheck.FindShortage(ConnectionsMin) is { } shortage)
            Notice(shortage);

        // In this order: whoever is told may be gone before it is counted.
        using CancellationTokenSource end = new();
        void Stop()
        {
            log.Write(new CliEvent(EventKind.Stopping) { Count = hub.ClientCount });
            end.Cancel();
        }

        await using (stop.Register(Stop))
            await hub.RunAsync(end.Token);
        log.Write(new CliEvent(EventKind.Stopped));
    }

    /// <summary>Closes what listens, as the process ends at once.</summary>
    public void Close() => _hub?.Close();

    private void TellWhere(HubServer hub, HubOptions options)
    {
        foreach (string address in hub.Addresses)
            log.Write(new CliEvent(EventKind.Listening) { Address = address });
        foreach (string address in hub.LanAddresses)
            log.Write(new CliEvent(EventKind.Reachable) { Address = address });
        if (hub.LanAddresses.Count > 0)
            TellWhatOthersSee(hub, options);
        if (hub.PageAddress is { } page)
            log.Write(new CliEvent(EventKind.Page) { Address = page });
        if (hub.Addresses.Select(Address.Parse).FirstOrDefault(address => address.Scheme is "tcp" or "tls") is { } text)
            Notice($"or in a terminal: {CommandFor(text, options)}");
        if (hub.LanAddresses.FirstOrDefault(IsPage) is { } link && log.IsOn && environment.IsErrorColourTerminal && QrPicture.Draw(link, environment.Columns()) is { } picture)
            environment.Error.Write($"{picture}{link}\n");
    }

    private void TellWhatOthersSee(HubServer hub, HubOptions options)
    {
        string[] plain = [.. hub.LanAddresses.Select(Address.Parse).Where(address => !address.IsTls).Select(address => address.Scheme).Distinct()];
        if (options.TlsCertificate is null)
            Notice("there is no TLS: everybody in this network can read what is said; --tls CERT KEY encrypts the page and the plain-text door");
        else if (plain.Length > 0)
            Notice($"there is no TLS on {string.Join(" and ", plain)}: what is said there can be read by everybody in this network");
    }

    private void TellOwner(HubServer hub, HubOptions options, TextWriter? ownerLinkTo)
    {
        CliEvent owner = new(EventKind.Owner) { Address = hub.OwnerLink };
        if (hub.OwnerLink is null)
        {
            if (options.InvitesAnotherOwner)
                Notice("there is no owner's link: it is opened in the page, and the page is off");
        }
        else if (log.IsOn)
            log.Write(owner);
        else
            ownerLinkTo?.WriteLine(hub.OwnerLink);
    }

    private void Notice(string message) => log.Write(new CliEvent(EventKind.Notice) { Message = message });

    private static bool IsPage(string address) => address.StartsWith("http", StringComparison.Ordinal);

    /// <summary>What somebody at this machine types to come in by the plain-text door. A pin, as the certificate is for another name than this, or of no authority.</summary>
    private static string CommandFor(Address door, HubOptions options)
    {
        if (!door.IsTls)
            return string.Create(CultureInfo.InvariantCulture, $"telnet {HostOf(door)} {door.Port}");
        using TlsCertificate certificate = TlsCertificate.LoadPem(options.TlsCertificate!, options.TlsKey);
        return $"sockeye connect {door.WithEndPoint(new DnsEndPoint(HostOf(door), door.Port))} --pin {certificate.Fingerprint}";
    }

    private static string HostOf(Address address) => address.Host is "0.0.0.0" or "::" or "*" ? "127.0.0.1" : address.Host;
}
