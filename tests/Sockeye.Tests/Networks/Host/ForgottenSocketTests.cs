using System.Runtime.CompilerServices;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Sockets that are dropped without being closed: nobody waits on them any more, or somebody does.</summary>
public class ForgottenSocketTests
{
    [Fact]
    public async Task A_socket_that_was_waited_on_and_then_forgotten_is_collected_and_closed()
    {
        (NetworkSocket peer, WeakReference forgotten) = Forget();
        Assert.True(IsCollected(forgotten));

        using (peer)
            Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).Within());
    }

    [Fact]
    public async Task Somebody_who_waits_keeps_the_socket_though_nobody_else_knows_of_it()
    {
        StrongBox<bool> heard = new();
        using NetworkSocket peer = StartWaiting(heard);
        Collect();

        await peer.SendAsync(new byte[] { 1 });

        // It answers by its end.
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).Within());
        Assert.True(heard.Value);
    }

    [Fact]
    public void The_keys_of_the_forgotten_are_used_again()
    {
        PollTable table = new();
        int capacity = table.Capacity;
        for (int i = 0; i < 4; i++)
        {
            AddForgotten(table, capacity);
            Collect();
        }

        Assert.Equal(capacity, table.Capacity);
    }

    [Fact]
    public void The_keys_of_the_living_are_their_own()
    {
        PollTable table = new();
        HostSocket[] sockets = [.. Enumerable.Range(0, 300).Select(_ => Make())];
        int[] keys = [.. sockets.Select(table.Add)];
        Collect();

        Assert.All(sockets.Zip(keys), each => Assert.Same(each.First.Readiness, table.Find(each.Second)));
        table.Remove(keys[7]);
        Assert.Null(table.Find(keys[7]));
        Assert.Equal(keys[7], table.Add(sockets[7]));
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (NetworkSocket Peer, WeakReference Forgotten) Forget()
    {
        (NetworkSocket forgotten, NetworkSocket peer) = Network.Host.CreatePair();
        using CancellationTokenSource cancel = new();
        Task<int> receiving = forgotten.ReceiveAsync(new byte[1], cancel.Token).AsTask();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => receiving.GetAwaiter().GetResult());
        return (peer, new WeakReference(forgotten));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NetworkSocket StartWaiting(StrongBox<bool> heard)
    {
        (NetworkSocket waiting, NetworkSocket peer) = Network.Host.CreatePair();
        _ = HearAsync(waiting, heard);
        return peer;
    }

    private static async Task HearAsync(NetworkSocket socket, StrongBox<bool> heard)
    {
        using (socket)
            heard.Value = await socket.ReceiveAsync(new byte[1]) == 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddForgotten(PollTable table, int count)
    {
        for (int i = 0; i < count; i++)
            table.Add(Make());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HostSocket Make() =>
        (HostSocket)Network.Host.CreateSocket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram);

    /// <summary>What a state machine or a pool still holds goes after a while.</summary>
    private static bool IsCollected(WeakReference forgotten)
    {
        for (int i = 0; i < 20 && forgotten.IsAlive; i++)
            Collect();
        return !forgotten.IsAlive;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
