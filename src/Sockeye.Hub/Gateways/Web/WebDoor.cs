using System.Net;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What all pages share: how many there may be.</summary>
/// <param name="host">The host name that the door was given, which browsers may use for it.</param>
/// <param name="options">The hub's options.</param>
internal sealed class WebDoor(string host, HubOptions options)
{
    /// <summary>The most messages that wait for one page.</summary>
    public const int QueueMessagesMax = 256;

    /// <summary>The most bytes that wait for one page.</summary>
    public const int QueueBytesMax = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private int _pages;

    /// <summary>The host name that the door was given.</summary>
    public string Host => host;

    /// <summary>Counts a page, unless there are too many of them, or of its address.</summary>
    public bool TryEnter(IPAddress? address)
    {
        IPAddress key = address ?? IPAddress.None;
        lock (_lock)
        {
            int here = _addresses.GetValueOrDefault(key);
            bool isCounted = options.LimitsLoopback || !IPAddress.IsLoopback(key);
            if (_pages >= options.WebConnectionsMax || (isCounted && here >= options.WebConnectionsPerAddressMax))
                return false;
            _addresses[key] = here + 1;
            _pages++;
            return true;
        }
    }

    /// <summary>A page that was counted is gone.</summary>
    public void Leave(IPAddress? address)
    {
        IPAddress key = address ?? IPAddress.None;
        lock (_lock)
        {
            _pages--;
            if (--_addresses[key] == 0)
                _addresses.Remove(key);
        }
    }
}
