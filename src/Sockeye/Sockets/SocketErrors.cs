using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The one place where a <see cref="SocketError"/> becomes a sentence: what, where, why, and what to try.</summary>
internal static class SocketErrors
{
    /// <summary>What to try when a port is in use.</summary>
    public const string OtherPort = "choose another, or port 0 for any free one";

    /// <summary>An exception for <paramref name="error"/>: "cannot connect to tcp://[::1]:80: refused; …".</summary>
    public static SocketException Create(SocketError error, string action, string? where = null, string? advice = null, string? reason = null)
    {
        string place = where is null ? "" : " " + where;
        advice ??= Advice(error);
        return new SocketException((int)error, $"cannot {action}{place}: {reason ?? Reason(error)}{(advice is null ? "" : "; " + advice)}");
    }

    /// <summary>The same for a failed bind or connect: a Unix path fails for a file's reasons.</summary>
    /// <param name="endPoint">What was to be bound, or to be connected to.</param>
    /// <param name="error">Why not.</param>
    /// <param name="action">"connect to".</param>
    /// <param name="where">The end point as an address.</param>
    /// <param name="advice">What to try, if that is known better.</param>
    /// <param name="isOurs">Whether it was to be bound.</param>
    public static SocketException CreateFor(EndPoint endPoint, SocketError error, string action, string? where, string? advice = null, bool isOurs = false)
    {
        if (endPoint is not UnixDomainSocketEndPoint unix)
            return Create(error, action, where, advice);
        string name = unix.ToString();
        if (name.Length == 0 || name[0] is '@' or '\0')
            return Create(error, action, where, advice ?? NameAdvice(error, "name"));
        string folder = Path.GetDirectoryName(Path.GetFullPath(name)) ?? name;
        if (error == SocketError.AccessDenied)
            return Create(error, action, where, advice ?? $"check who may write to {Display.Quote(folder)} and to the socket");
        if (error != SocketError.AddressNotAvailable)
            return Create(error, action, where, advice ?? NameAdvice(error, "path"));
        if (File.Exists(folder))
            return Create(error, action, where, advice ?? "check the path", $"{Display.Quote(folder)} is no folder");
        if (!Directory.Exists(folder))
            return Create(error, action, where, advice ?? "make it first, or check the path", $"the folder {Display.Quote(folder)} does not exist");
        return isOurs
            ? Create(error, action, where, advice ?? "choose a path in another folder", $"no socket can be made in {Display.Quote(folder)}")
            : Create(error, action, where, advice ?? "nothing listens there: start the server, or check the path", "there is no such socket");
    }

    public static SocketTimeoutException TimedOut(string action, string? where, TimeSpan? timeout) =>
        new($"cannot {action}{(where is null ? "" : " " + where)}: nothing within {Seconds(timeout)}; give it a longer Timeout if the peer may be that slow");

    /// <summary>"udp://[::1]:53": an end point with its kind, as addresses are written.</summary>
    public static string? Describe(EndPoint? endPoint, SocketType type, ProtocolType protocol) =>
        endPoint is null ? null : Address.FromEndPoint(endPoint, type, protocol).ToString();

    public static string Reason(SocketError error) => error switch
    {
        SocketError.AccessDenied => "no permission",
        SocketError.AddressAlreadyInUse => "the address is in use",
        SocketError.AddressFamilyNotSupported => "this machine has no such address family",
        SocketError.AddressNotAvailable => "no interface here has that address",
        SocketError.AlreadyInProgress => "a connect is under way already",
        SocketError.ConnectionAborted => "the connection was aborted",
        SocketError.ConnectionRefused => "refused",
        SocketError.ConnectionReset => "the peer reset the connection",
        SocketError.DestinationAddressRequired => "no destination was given",
        SocketError.HostDown => "the host is down",
        SocketError.HostNotFound => "no such name",
        SocketError.HostUnreachable => "no route to the host",
        SocketError.InProgress => "still in progress",
        SocketError.InvalidArgument => "an argument does not fit the socket",
        SocketError.IsConnected => "connected already",
        SocketError.MessageSize => "the message is too long for one datagram",
        SocketError.NetworkDown => "the network is down",
        SocketError.NetworkUnreachable => "no route to the network",
        SocketError.NoBufferSpaceAvailable => "the kernel has no buffer space left",
        SocketError.NoData => "the name has no address of this family",
        SocketError.NotConnected => "not connected",
        SocketError.NotSocket => "it is no socket",
        SocketError.OperationAborted => "the socket was closed meanwhile",
        SocketError.OperationNotSupported => "this kind of socket cannot do that",
        SocketError.ProtocolFamilyNotSupported or SocketError.ProtocolNotSupported => "this machine has no such protocol",
        SocketError.ProtocolType => "the protocol does not fit the socket's type",
        SocketError.Shutdown => "that direction was shut down",
        SocketError.SocketNotSupported => "there is no such kind of socket",
        SocketError.TimedOut => "the peer did not answer",
        SocketError.TooManyOpenSockets => "too many descriptors are open",
        SocketError.TryAgain => "the name server did not answer",
        SocketError.WouldBlock => "not ready yet",
        _ => error.ToString(),
    };

    /// <summary>What to try where there are no ports.</summary>
    private static string? NameAdvice(SocketError error, string what) => error switch
    {
        SocketError.AddressAlreadyInUse => $"choose another {what}",
        SocketError.ConnectionRefused => $"nothing listens there: start the server, or check the {what}",
        _ => null,
    };

    private static string? Advice(SocketError error) => error switch
    {
        SocketError.AccessDenied => "ports below 1024 and raw sockets need root or a capability, files a directory you may write",
        SocketError.AddressAlreadyInUse => OtherPort,
        SocketError.AddressFamilyNotSupported => "an IPv6 address needs a machine with IPv6",
        SocketError.AddressNotAvailable => "use an address of this machine, or * for every interface",
        SocketError.ConnectionRefused => "nothing listens there: check the port, or start the server",
        SocketError.HostNotFound => "check the spelling, or use the IP address",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "check the address and this machine's routes",
        SocketError.MessageSize => "65507 bytes is the most UDP over IPv4 carries",
        SocketError.TooManyOpenSockets => "raise the limit with 'ulimit -n', or close some",
        SocketError.WouldBlock => "Timeout is zero: poll until it is ready, or allow waiting",
        _ => null,
    };

    private static string Seconds(TimeSpan? timeout) =>
        timeout is { } limit ? string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.###} s") : "the time allowed";
}
