using System.Diagnostics;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>
/// What the public calls of a socket add to those of its network: counting, checking that it is open, looking for an observer where there is none. The network takes and
/// gives at once, so that no system call hides it.
/// </summary>
internal static class CallCost
{
    private const int Calls = 2_000_000;
    private const int Warmups = 3;
    private const int Size = 64;

    /// <returns>Nanoseconds of a send and a receive together, less those of the network's own calls: one for each round, in turn.</returns>
    public static double[] Measure(int rounds)
    {
        using InstantSocket socket = new(Network.Host);
        byte[] buffer = new byte[Size];
        for (int i = 0; i < Warmups; i++)
            Added(socket, buffer);
        double[] added = new double[rounds];
        for (int i = 0; i < rounds; i++)
            added[i] = Added(socket, buffer);
        return added;
    }

    private static double Added(InstantSocket socket, byte[] buffer)
    {
        double network = Time(static (socket, buffer) => socket.Exchange(buffer), socket, buffer);
        return Time(Exchange, socket, buffer) - network;
    }

    private static void Exchange(InstantSocket socket, byte[] buffer)
    {
        if (socket.TrySend(buffer, out int sent) != SocketError.Success || socket.TryReceive(buffer, out int received) != SocketError.Success || sent != received)
            throw new InvalidOperationException("The network lost bytes.");
    }

    private static double Time(Action<InstantSocket, byte[]> exchange, InstantSocket socket, byte[] buffer)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
            exchange(socket, buffer);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
    }
}
