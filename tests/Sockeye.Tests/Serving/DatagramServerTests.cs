using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Serving;

public abstract class DatagramServerTests(ServingNetwork network) : ServingTests(network)
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData("udp://127.0.0.1:0")]
    [InlineData("udp://localhost:0")]
    [InlineData("unix-dgram")]
    public async Task Answers_whoever_asks(string address)
    {
        using TemporaryFolder folder = new();
        await using RunningDatagramServer server = await StartDatagramsAsync(
            EchoAsync, address: address == "unix-dgram" ? $"unix-dgram://{Networks.PathIn(folder.Path)}" : address);
        for (int i = 0; i < 3; i++)
        {
            await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
            Assert.Equal($"hello {i}", await AskAsync(client, $"hello {i}"));
            Assert.Equal("", await AskAsync(client, ""));
        }

        await server.StopAsync();
        Assert.Equal((6, 0, 0), (server.Server.Received, server.Server.Refused, server.Server.Errors));
    }

    [Fact]
    public async Task A_sender_without_a_name_cannot_be_answered()
    {
        using TemporaryFolder folder = new();
        TaskCompletionSource<bool> canReply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningDatagramServer server = await StartDatagramsAsync(
            (datagram, _) =>
            {
                canReply.SetResult(datagram.CanReply);
                return ValueTask.CompletedTask;
            },
            address: $"unix-dgram://{Networks.PathIn(folder.Path)}");
        NetworkSocket client = server.Clients.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        await client.ConnectAsync(server.Address.EndPoint);
        await client.SendAsync(new byte[] { 1 });
        Assert.False(await canReply.Task.Within());
        client.Dispose();
    }

    [Fact]
    public async Task As_many_handlers_as_allowed_are_at_work_and_no_more()
    {
        const int Limit = 3;
        SemaphoreSlim go = new(0);
        SemaphoreSlim arrived = new(0);
        int atWork = 0;
        int most = 0;
        await using RunningDatagramServer server = await StartDatagramsAsync(
            async (datagram, stop) =>
            {
                int now = Interlocked.Increment(ref atWork);
                InterlockedMax(ref most, now);
                arrived.Release();
                await go.WaitAsync(CancellationToken.None);
                Interlocked.Decrement(ref atWork);
                await datagram.ReplyAsync(datagram.Bytes, CancellationToken.None);
            },
            new DatagramServerOptions { ConcurrencyMax = Limit });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        for (int i = 0; i < 4 * Limit; i++)
            await client.SendAsync(new[] { (byte)i });

        // The first are held; the others wait in the kernel until one has ended.
        for (int i = 0; i < Limit; i++)
            await arrived.WaitAsync().Within();
        Assert.Equal(Limit, server.Server.Received);
        HashSet<byte> answers = [];
        for (int i = 0; i < 4 * Limit; i++)
        {
            go.Release();
            byte[] buffer = new byte[1];
            await client.ReceiveAsync(buffer).Within();
            answers.Add(buffer[0]);
        }

        Assert.Equal(4 * Limit, answers.Count);
        Assert.Equal(Limit, most);
    }

    [Fact]
    public async Task One_at_a_time_keeps_the_order()
    {
        ConcurrentQueue<byte> order = [];
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningDatagramServer server = await StartDatagramsAsync(
            async (datagram, _) =>
            {
                await Task.Yield();
                order.Enqueue(datagram.Bytes.Span[0]);
                if (order.Count == 50)
                    all.SetResult();
            },
            new DatagramServerOptions { ConcurrencyMax = 1 });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        for (int i = 0; i < 50; i++)
            await client.SendAsync(new[] { (byte)i });
        await all.Task.Within();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (byte)i), order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_of_a_handler_loses_its_datagram_only(bool atOnce)
    {
        ConcurrentQueue<string> errors = [];
        await using RunningDatagramServer server = await StartDatagramsAsync(
            (datagram, stop) => Text(datagram) == "fail" ? FailAsync(atOnce) : EchoAsync(datagram, stop),
            new DatagramServerOptions
            {
                ConcurrencyMax = 1,
                OnError = (datagram, e) =>
                {
                    errors.Enqueue($"{Text(datagram!)}: {e.Message}");
                    throw new InvalidOperationException("The callback fails too.");
                },
            });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync("fail"u8.ToArray());
            Assert.Equal("well", await AskAsync(client, "well"));
        }

        Assert.Equal(["fail: As asked.", "fail: As asked.", "fail: As asked."], errors);
        Assert.Equal(3, server.Server.Errors);
    }

    [Fact]
    public async Task Verify_drops_what_it_refuses_or_fails_at()
    {
        await using RunningDatagramServer server = await StartDatagramsAsync(EchoAsync, new DatagramServerOptions
        {
            ConcurrencyMax = 1,
            Verify = datagram => Text(datagram) switch
            {
                "no" => false,
                "fail" => throw new InvalidOperationException("Verify fails."),
                _ => true,
            },
            OnError = (_, _) => throw new InvalidOperationException("The callback fails too."),
        });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        await client.SendAsync("no"u8.ToArray());
        await client.SendAsync("fail"u8.ToArray());
        Assert.Equal("yes", await AskAsync(client, "yes"));
        Assert.Equal((3, 2, 1), (server.Server.Received, server.Server.Refused, server.Server.Errors));
    }

    [Fact]
    public async Task A_long_datagram_says_that_it_was_cut()
    {
        TaskCompletionSource<(string, bool)> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningDatagramServer server = await StartDatagramsAsync(
            (datagram, _) =>
            {
                seen.SetResult((Text(datagram), datagram.IsTruncated));
                return ValueTask.CompletedTask;
            },
            new DatagramServerOptions { DatagramSizeMax = 4 });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        await client.SendAsync("12345"u8.ToArray());
        Assert.Equal(("1234", true), await seen.Task.Within());
    }

    [Fact]
    public async Task Errors_that_earlier_sends_left_are_told_and_serving_goes_on()
    {
        Network place = Networks.ServerOn(clock: null);
        // A connected socket hears that nobody listens at the port it sent to.
        DatagramSocket gone = await place.OpenDatagramAsync("udp://127.0.0.1:0");
        Address peer = gone.Address;
        await gone.DisposeAsync();
        TaskCompletionSource<Exception> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        DatagramSocket socket = await place.ConnectDatagramAsync(peer);
        EndPoint own = socket.LocalEndPoints[0];
        await using RunningDatagramServer server = new(socket, EchoAsync, new DatagramServerOptions
        {
            ConcurrencyMax = 1,
            OnError = (datagram, e) =>
            {
                Assert.Null(datagram);
                told.TrySetResult(e);
            },
        });
        await socket.SendAsync("anybody?"u8.ToArray());
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(await told.Task.Within()).SocketErrorCode);

        await using DatagramSocket late = await place.OpenDatagramAsync(peer);
        await late.SendAsync("here"u8.ToArray(), own);
        byte[] buffer = new byte[10];
        Assert.Equal("here", Encoding.UTF8.GetString((await late.ReceiveAsync(buffer).Within()).Bytes.Span));
    }

    [Fact]
    public async Task Stopping_lets_handlers_finish()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningDatagramServer server = await StartDatagramsAsync(async (datagram, stop) =>
        {
            using CancellationTokenRegistration registration = stop.Register(stopping.SetResult);
            begun.SetResult();
            await finish.Task;
            await datagram.ReplyAsync(datagram.Bytes, CancellationToken.None);
            stop.ThrowIfCancellationRequested();
        });
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        await client.SendAsync("work"u8.ToArray());
        await begun.Task.Within();
        server.Stop();
        await stopping.Task.Within();
        Assert.False(server.Run.IsCompleted);
        finish.SetResult();
        byte[] buffer = new byte[10];
        Assert.Equal(4, (await client.ReceiveAsync(buffer).Within()).Bytes.Length);
        await server.Run.Within();
        Assert.Equal(0, server.Server.Errors);
    }

    [Fact]
    public async Task At_the_deadline_the_socket_is_closed_under_the_handlers_and_they_are_waited_for()
    {
        WatchedClock clock = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<Exception> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningDatagramServer server = await StartDatagramsAsync(
            async (datagram, stop) =>
            {
                stop.Register(() => throw new InvalidOperationException("A registration fails."));
                begun.SetResult();
                await finish.Task;
                await datagram.ReplyAsync(datagram.Bytes, CancellationToken.None);
            },
            new DatagramServerOptions { DrainTimeout = Drain, OnError = (datagram, e) => _ = datagram is not null && told.TrySetResult(e) },
            clock: clock);
        await using DatagramSocket client = await server.Clients.ConnectDatagramAsync(server.Address);
        await client.SendAsync("work"u8.ToArray());
        await begun.Task.Within();
        server.Stop();
        await clock.StartedAsync(Drain);
        clock.Advance(Drain);
        while (client.Socket!.TrySend(new byte[1], out _) != SocketError.ConnectionRefused)
            await Task.Yield();
        for (int i = 0; i < 100; i++)
            await Task.Yield();
        Assert.False(server.Run.IsCompleted);
        finish.SetResult();
        Assert.True(await told.Task.Within() is ObjectDisposedException or SocketException);
        await server.Run.Within();
        Assert.Equal(2, server.Server.Errors);
    }

    [Fact]
    public async Task A_socket_closed_by_others_ends_the_server_with_the_reason()
    {
        Network place = Networks.ServerOn(clock: null);
        DatagramSocket socket = await place.OpenDatagramAsync("udp://127.0.0.1:0");
        DatagramServer server = new(socket, EchoAsync);
        Task run = server.RunAsync();
        await using (DatagramSocket client = await place.ConnectDatagramAsync(socket.Address))
            await AskAsync(client, "hello");
        await socket.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => run.Within());
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync());
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_by_name()
    {
        Network place = Networks.ServerOn(clock: null);
        await using DatagramSocket socket = await place.OpenDatagramAsync("udp://127.0.0.1:0");
        Refused("ConcurrencyMax", new DatagramServerOptions { ConcurrencyMax = 0 });
        Refused("DatagramSizeMax", new DatagramServerOptions { DatagramSizeMax = 0 });
        Refused("DrainTimeout", new DatagramServerOptions { DrainTimeout = TimeSpan.FromSeconds(-1) });
        Refused("DrainTimeout", new DatagramServerOptions { DrainTimeout = TimeSpan.MaxValue });

        void Refused(string name, DatagramServerOptions options) =>
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramServer(socket, EchoAsync, options)).ParamName);
    }

    private static ValueTask EchoAsync(ServedDatagram datagram, CancellationToken stop) => datagram.ReplyAsync(datagram.Bytes, stop);

    private static async ValueTask FailAsync(bool atOnce)
    {
        if (!atOnce)
            await Task.Yield();
        throw new InvalidOperationException("As asked.");
    }

    private static string Text(ServedDatagram datagram) => Encoding.UTF8.GetString(datagram.Bytes.Span);

    private static async Task<string> AskAsync(DatagramSocket client, string question)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(question));
        byte[] buffer = new byte[100];
        return Encoding.UTF8.GetString((await client.ReceiveAsync(buffer).Within()).Bytes.Span);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
