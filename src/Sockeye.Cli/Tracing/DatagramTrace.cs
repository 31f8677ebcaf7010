using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tracing;

/// <summary>A datagram and its answers: there is no handshake and no end, only what came, and what a router or the host said instead.</summary>
internal sealed class DatagramTrace(Network network, TraceSettings settings, Timeline timeline, TraceObserver observer)
{
    private const int DatagramLengthMax = ushort.MaxValue;

    /// <summary>Lives it; how it ended.</summary>
    public async Task<TraceStep> RunAsync(Address address, CancellationToken stop)
    {
        if (address.EndPoint is UnixDomainSocketEndPoint)
        {
            // It is given a name of its own, which whoever answers has to have.
            await using DatagramSocket unix = await network.ConnectDatagramAsync(address, stop);
            unix.Socket!.Observer = observer;
            observer.Connected(unix.Socket, unix.RemoteEndPoint!, TimeSpan.Zero);
            return await TalkAsync(address, unix.Socket, stop);
        }

        IPEndPoint remote = await ResolveAsync(address, stop);
        using NetworkSocket socket = network.CreateSocket(remote.AddressFamily, SocketType.Dgram);
        socket.Observer = observer;
        await socket.ConnectAsync(remote, stop);
        return await TalkAsync(address, socket, stop);
    }

    private async Task<TraceStep> TalkAsync(Address address, NetworkSocket socket, CancellationToken stop)
    {
        bool isUnix = socket.AddressFamily == AddressFamily.Unix;
        if (settings.Payload.IsEmpty)
        {
            string message = isUnix ? "datagrams have no handshake: nothing is sent before --send" : "UDP has no handshake: nothing crosses the network before --send";
            timeline.Add(new TraceStep(TraceStepKind.Notice) { Reason = "nothing-sent", Message = message });
            return Done(socket);
        }

        int answers = await ExchangeAsync(address, socket, stop);
        if (answers == 0)
        {
            timeline.Add(new TraceStep(TraceStepKind.Notice)
            {
                Reason = "silence",
                Message = $"no answer within {Duration.Print(settings.Wait)} (--wait)"
                    + (isUnix ? ": it waits at that socket, or was read and not answered" : ", and nobody said that it is closed: it may have arrived, or a firewall dropped it"),
            });
        }

        return Done(socket);
    }

    private static TraceStep Done(NetworkSocket socket) =>
        new(TraceStepKind.Done) { Bytes = socket.BytesReceived, BytesSent = socket.BytesSent, ExitCode = ExitCodes.Done };

    /// <summary>Sends, and takes answers until nothing came for the time to wait; how many.</summary>
    private async Task<int> ExchangeAsync(Address address, NetworkSocket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[DatagramLengthMax];
        socket.Timeout = settings.Wait;
        int answers = 0;
        try
        {
            observer.Mark();
            await socket.SendAsync(settings.Payload, SocketFlags.None, stop);
            for (; ; answers++)
                await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
        }
        catch (SocketTimeoutException)
        {
            return answers;
        }
        catch (SocketException e) when (socket.AddressFamily == AddressFamily.Unix && e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            throw new ProgramException(ExitCodes.NetworkFailed, $"{address} is gone: its program closed the socket after the trace had begun");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            throw new ProgramException(ExitCodes.NetworkFailed, $"cannot reach {address}: the host answered with ICMP \"port unreachable\"; no program has that UDP port: check it, or start the server");
        }
    }

    /// <summary>Of a name's addresses the one that <see cref="Network.ConnectDatagramAsync"/> would take: nothing answers a connect, so none can be tried.</summary>
    private async Task<IPEndPoint> ResolveAsync(Address address, CancellationToken stop)
    {
        if (address.EndPoint is not DnsEndPoint name)
            return (IPEndPoint)address.EndPoint;
        TimeSpan start = timeline.Now;
        IPAddress[] addresses = await network.ResolveAsync(name.Host, name.AddressFamily, stop);
        observer.Resolved(address, [.. addresses.Select(ip => new IPEndPoint(ip, name.Port))], timeline.Now - start);
        return new IPEndPoint(addresses.FirstOrDefault(ip => ip.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], name.Port);
    }
}
