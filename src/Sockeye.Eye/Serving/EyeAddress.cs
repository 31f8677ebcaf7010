using System.Net;
using System.Net.Sockets;

namespace Sockeye.Eye.Serving;

/// <summary>Where a page listens.</summary>
/// <param name="Host">As it was written, without brackets.</param>
/// <param name="Port">0: any.</param>
/// <param name="EndPoint">An address of its own; a name for <c>localhost</c>; null for all addresses.</param>
internal sealed record EyeAddress(string Host, int Port, EndPoint? EndPoint)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => EndPoint is DnsEndPoint || (EndPoint is IPEndPoint ip && IPAddress.IsLoopback(ip.Address));

    public static EyeAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Scheme = "http://";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"\"{text}\" is no address of a page: http://127.0.0.1:8090, for example.");

        // Where it listens is a place for TCP like any other; the same words say what is wrong with it.
        string place = text[Scheme.Length..].TrimEnd('/');
        Address address = Sockeye.Address.Parse("tcp://" + place);
        string host = address.Host.Trim('[', ']');
        if (host == "*")
            return new EyeAddress(host, address.Port, null);
        if (IPAddress.TryParse(host, out IPAddress? ip))
            return new EyeAddress(host, address.Port, new IPEndPoint(ip, address.Port));
        if (!host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            throw new NotSupportedException($"The page cannot listen at the name {host}: give it an IP address, localhost, or * for all.");

        // Two families have no free port together that could be asked for.
        return new EyeAddress(host, address.Port, address.Port == 0 ? new IPEndPoint(IPAddress.Loopback, 0) : new DnsEndPoint(host, address.Port));
    }

    /// <summary>What a browser opens.</summary>
    public string ToVisit(int port) => EndPoint switch
    {
        IPEndPoint { Address: var ip } when !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) => $"http://{new IPEndPoint(ip, port)}/",
        DnsEndPoint => $"http://localhost:{port}/",
        _ => $"http://{Network.Host.HostName}:{port}/",
    };

    /// <summary>Kestrel does not say who has the port, or what to try; our own listener does.</summary>
    public async ValueTask<SocketException> ExplainAsync(Exception error, CancellationToken cancellationToken)
    {
        try
        {
            string host = EndPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ? $"[{Host}]" : Host;
            await using Listener none = await Network.Host.ListenAsync($"tcp://{host}:{Port}", cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            return e;
        }

        return error as SocketException
            ?? new SocketException((int)SocketError.AddressAlreadyInUse, $"Cannot listen at {Host}:{Port}: another program had the port. Try again, or choose another.");
    }
}
