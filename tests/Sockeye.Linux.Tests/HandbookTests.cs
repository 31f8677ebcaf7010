namespace Sockeye.Linux.Tests;

/// <summary>What the handbook's chapter on reactors and the package's page show.</summary>
public class HandbookTests
{
    [Fact]
    public async Task A_server_on_reactors_is_a_server()
    {
        using CancellationTokenSource source = new();
        CancellationToken stopToken = source.Token;
        TaskCompletionSource<Address> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task serving = ServeAsync(listening.SetResult, stopToken);
        await using (Connection client = await Network.Host.ConnectAsync(await listening.Task))
        {
            await client.WriteLineAsync("hello");
            FrameReader<string> lines = client.Frames(Codecs.Lines());
            Assert.True((await lines.ReadAsync()).TryGetFrame(out string? answer));
            Assert.Equal("HELLO", answer);
        }

        await source.CancelAsync();
        await serving.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Options_say_what_the_reactors_wait_in()
    {
        // snippet: reactor options
        await using LinuxNetwork network = new(new LinuxNetworkOptions
        {
            Backend = LinuxBackend.Epoll,
            ReactorCount = 2,
            OnHeld = reactor => Console.Error.WriteLine($"a handler holds reactor {reactor}"),
            OnError = Console.Error.WriteLine,
        });

        // end snippet
        Assert.Equal(LinuxBackend.Epoll, network.Backend);
        Assert.Equal("epoll was asked for", network.BackendReason);
        Assert.Equal(2, network.ReactorCount);
    }

    [Fact]
    public async Task Where_setting_up_is_refused_epoll_is_taken_and_the_reason_told()
    {
        const int NotPermitted = 1;
        ReactorFaults barred = new() { SetupErrno = NotPermitted };

        await using LinuxNetwork network = new(new LinuxNetworkOptions(), RingSizes.Default, barred);
        PlatformNotSupportedException refused = Assert.Throws<PlatformNotSupportedException>(
            () => new LinuxNetwork(new LinuxNetworkOptions { Backend = LinuxBackend.IoUring }, RingSizes.Default, barred));

        Assert.Equal(LinuxBackend.Epoll, network.Backend);
        Assert.Contains("this process may not", network.BackendReason, StringComparison.Ordinal);
        Assert.Contains("this process may not", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(Action<Address> announce, CancellationToken stopToken)
    {
        // snippet: a server on reactors
        await using LinuxNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:0", stopToken);
        announce(listener.Address);

        await Server.RunAsync(listener, async (connection, stop) =>
        {
            await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                await connection.WriteLineAsync(line.ToUpperInvariant(), stop);
        }, stopToken);

        // end snippet
    }
}
