using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Tests.Conformance;

/// <summary>A socket on which a call waits, as long as nobody unblocks it.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Start">Makes the call without a thread.</param>
/// <param name="Run">Makes the plain call.</param>
/// <param name="UnblockAsync">Does what the call waits for; null where that takes real time.</param>
/// <param name="Keeper">What else must live as long.</param>
internal sealed record BlockedCall(
    NetworkSocket Socket, Func<CancellationToken, Task> Start, Action Run, Func<Task>? UnblockAsync, IAsyncDisposable Keeper) : IAsyncDisposable
{
    /// <summary>What a call says that may not wait.</summary>
    public SocketError NotNow { get; init; } = SocketError.WouldBlock;

    /// <summary>Prepares a call; null on a network that has none such.</summary>
    public static async ValueTask<BlockedCall?> PrepareAsync(NetworkFixture fixture, WaitingCall call) => call switch
    {
        WaitingCall.Accept => Accept(fixture),
        WaitingCall.Connect => fixture.Can(Feature.Silence) ? await ConnectAsync(fixture) : null,
        WaitingCall.ReceiveFrom => ReceiveFrom(fixture),
        WaitingCall.ReceiveBatch => ReceiveBatch(fixture),
        WaitingCall.SendTo => fixture.Can(Feature.DatagramBackpressure | Feature.AbstractNames) ? SendTo(fixture) : null,
        WaitingCall.SendBatch => fixture.Can(Feature.DatagramBackpressure | Feature.AbstractNames) ? SendBatch(fixture) : null,
        WaitingCall.ReceiveDescriptors or WaitingCall.SendDescriptors when !fixture.Can(Feature.Descriptors) => null,
        _ => await StreamAsync(fixture, call),
    };

    public async ValueTask DisposeAsync()
    {
        Socket.Dispose();
        await Keeper.DisposeAsync();
    }

    private static async ValueTask<BlockedCall> StreamAsync(NetworkFixture fixture, WaitingCall call)
    {
        bool descriptors = call is WaitingCall.ReceiveDescriptors or WaitingCall.SendDescriptors;
        SocketPair pair = descriptors ? await fixture.ConnectedPairAsync(StreamKind.Pair) : await SmallPairAsync(fixture);
        (NetworkSocket client, NetworkSocket server) = pair;
        byte[] buffer = new byte[8];
        (Func<CancellationToken, Task> start, Action run)? receive = call switch
        {
            WaitingCall.Receive => (token => server.ReceiveAsync(buffer, SocketFlags.None, token).AsTask(), () => server.Receive(buffer)),
            WaitingCall.ReceiveAll => (token => server.ReceiveAllAsync(buffer, token).AsTask(), () => server.ReceiveAll(buffer)),
            WaitingCall.ReceiveFromStream => (token => server.ReceiveFromAsync(buffer, null, SocketFlags.None, token).AsTask(), () => server.ReceiveFrom(buffer)),
            WaitingCall.ReceiveSeveral => (token => server.ReceiveAsync([buffer], SocketFlags.None, token).AsTask(), () => server.Receive([buffer])),
            WaitingCall.ReceiveDescriptors => (token => server.ReceiveDescriptorsAsync(buffer, 1, token).AsTask(), () => server.ReceiveDescriptors(buffer, 1)),
            _ => null,
        };
        if (receive is { } receiving)
            return new BlockedCall(server, receiving.start, receiving.run, async () => await client.SendAllAsync(buffer), pair);

        int total = await fixture.FillAsync(pair);
        SafeHandle[] handles = descriptors ? [server.Handle!] : [];
        (Func<CancellationToken, Task> start, Action run) sending = call switch
        {
            WaitingCall.Send => (token => client.SendAsync(buffer, SocketFlags.None, token).AsTask(), () => client.Send(buffer)),
            WaitingCall.SendAll => (token => client.SendAllAsync(buffer, token).AsTask(), () => client.SendAll(buffer)),
            WaitingCall.SendSeveral => (token => client.SendAsync([buffer], SocketFlags.None, token).AsTask(), () => client.Send([buffer])),
            _ => (token => client.SendDescriptorsAsync(buffer, handles, token).AsTask(), () => client.SendDescriptors(buffer, handles)),
        };
        return new BlockedCall(client, sending.start, sending.run, async () => await server.ReceiveExactlyAsync(total), pair);
    }

    /// <summary>Its receiver's window was small from the beginning, and is soon full.</summary>
    private static async ValueTask<SocketPair> SmallPairAsync(NetworkFixture fixture)
    {
        using NetworkSocket listener = fixture.Listen(StreamKind.Tcp4);
        listener.ReceiveBufferSize = NetworkFixture.FilledBufferSize;
        return await fixture.ConnectedPairAsync(listener);
    }

    private static BlockedCall ReceiveFrom(NetworkFixture fixture)
    {
        SocketPair pair = fixture.BoundPair(DatagramKind.Udp4);
        NetworkSocket socket = pair.Server;
        byte[] buffer = new byte[8];
        return new BlockedCall(
            socket, token => socket.ReceiveFromAsync(buffer, socket.CreateAddress(), SocketFlags.None, token).AsTask(), () => socket.ReceiveFrom(buffer),
            async () => await pair.Client.SendToAsync(buffer, socket.LocalEndPoint!), pair);
    }

    private static BlockedCall ReceiveBatch(NetworkFixture fixture)
    {
        SocketPair pair = fixture.BoundPair(DatagramKind.Udp4);
        NetworkSocket socket = pair.Server;
        DatagramBatch batch = new(datagramsMax: 2, lengthMax: 8);
        return new BlockedCall(
            socket, token => socket.ReceiveBatchAsync(batch, token).AsTask(), () => socket.ReceiveBatchAsync(batch, default).AsTask().GetAwaiter().GetResult(),
            async () => await pair.Client.SendToAsync(new byte[8], socket.LocalEndPoint!), pair);
    }

    private static BlockedCall SendTo(NetworkFixture fixture)
    {
        (SocketPair pair, SocketAddress to) = FullPair(fixture);
        NetworkSocket socket = pair.Client;
        byte[] buffer = new byte[8];
        return new BlockedCall(
            socket, token => socket.SendToAsync(buffer, to, SocketFlags.None, token).AsTask(), () => socket.SendTo(buffer, to),
            async () => await pair.Server.ReceiveFromAsync(buffer), pair);
    }

    private static BlockedCall SendBatch(NetworkFixture fixture)
    {
        (SocketPair pair, SocketAddress to) = FullPair(fixture);
        NetworkSocket socket = pair.Client;
        DatagramBatch batch = new(datagramsMax: 2, lengthMax: 8);
        batch.Add(new byte[8], to);
        batch.Add(new byte[8], to);
        return new BlockedCall(
            socket, token => socket.SendBatchAsync(batch, 0, 2, token).AsTask(), () => socket.SendBatchAsync(batch, 0, 2, default).AsTask().GetAwaiter().GetResult(),
            async () =>
            {
                for (int i = 0; i < batch.Count; i++)
                    await pair.Server.ReceiveFromAsync(new byte[8]);
            }, pair);
    }

    /// <summary>The server's has no room for another datagram of the client.</summary>
    private static (SocketPair Pair, SocketAddress To) FullPair(NetworkFixture fixture)
    {
        SocketPair pair = fixture.BoundPair(DatagramKind.Abstract);
        SocketAddress to = pair.Server.LocalEndPoint!.Serialize();
        while (pair.Client.TrySendTo(new byte[8], to, out _) == SocketError.Success)
        {
        }

        return (pair, to);
    }

    private static BlockedCall Accept(NetworkFixture fixture)
    {
        NetworkSocket listener = fixture.Listen(StreamKind.Tcp4);
        NetworkSocket client = fixture.NewClient(listener);
        return new BlockedCall(
            listener, async token => (await listener.AcceptAsync(token).ConfigureAwait(false)).Dispose(), () => listener.Accept().Dispose(),
            async () => await client.ConnectAsync(listener.LocalEndPoint!), client);
    }

    private static async ValueTask<BlockedCall> ConnectAsync(NetworkFixture fixture)
    {
        (IPEndPoint silent, IAsyncDisposable keeper) = await fixture.OpenSilenceAsync(fixture.Address4);
        NetworkSocket client = fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        return new BlockedCall(client, token => client.ConnectAsync(silent, token).AsTask(), () => client.Connect(silent), null, keeper)
        {
            NotNow = SocketError.InProgress,
        };
    }
}
