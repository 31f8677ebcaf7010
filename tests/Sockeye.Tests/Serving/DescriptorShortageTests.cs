using System.Diagnostics;
using System.Net.Sockets;

namespace Sockeye.Tests.Serving;

/// <summary>
/// More clients than a server has descriptors. The server is this same test, run again in a process with a low limit; it connects back to say
/// where it listens, and its handler answers questions about it.
/// </summary>
public class DescriptorShortageTests
{
    private const string ChildVariable = "SOCKEYE_TEST_FEW_DESCRIPTORS";
    private const int DescriptorLimit = 256;
    private const int Flood = 400;
    private const int Failures = 6;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Out_of_descriptors_a_server_goes_on_pauses_and_recovers()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("ulimit -n and /bin/sh.");
        if (Environment.GetEnvironmentVariable(ChildVariable) is { } parent)
            await ServeAsync(parent);
        else
            await FloodAsync();
    }

    private static async Task FloodAsync()
    {
        using TemporaryFolder folder = new();
        await using Listener ready = await Network.Host.ListenAsync($"unix://{folder.Path}/ready.sock");
        using Process child = StartChild(ready.Address);
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        try
        {
            Connection control = (await ready.AcceptAsync().Within())!;
            Address address = (await control.LineAsync())!;
            Connection served = await Network.Host.ConnectAsync(address);
            State before = await AskAsync(served, "state");
            Assert.Equal(new State(1, 0, 0), before);

            // The connections it has live; the others wait, in the kernel, for descriptors. Each failure begins a pause, which lasts until the
            // clock is moved, and there is no failure within a pause.
            Connection[] flood = await Task.WhenAll(Enumerable.Range(0, Flood).Select(_ => Network.Host.ConnectAsync(address).Within()));
            State last = before;
            for (int pauses = 1; pauses <= Failures; pauses++)
            {
                last = await AskAsync(served, pauses == 1 ? "pause" : "next pause");
                Assert.InRange(last.Active, DescriptorLimit / 4, DescriptorLimit);
                Assert.Equal(new State(last.Active, pauses, pauses), last);
            }

            Assert.Equal(last, await AskAsync(flood[0], "work"));

            // With descriptors again the next is served.
            foreach (Connection connection in flood)
                connection.Abort();
            Connection late = await Network.Host.ConnectAsync(address);
            Task recovering = served.AskAsync("recover");
            Assert.InRange((await AskAsync(late, "late")).Active, 1, DescriptorLimit);
            await recovering;

            late.Abort();
            served.Abort();
            await control.DisposeAsync();
            await child.WaitForExitAsync().Within();
            Assert.Contains("Total: 1, Errors: 0, Failed: 0", await output, StringComparison.Ordinal);
            Assert.Equal(0, child.ExitCode);
        }
        catch (Exception e) when (child.HasExited)
        {
            Assert.Fail($"The server's process ended: {await output}\n{e}");
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
    }

    private static Process StartChild(Address ready) => Process.Start(new ProcessStartInfo("/bin/sh")
    {
        ArgumentList =
        {
            "-c", $"ulimit -n {DescriptorLimit} && exec \"$0\" \"$@\"", Environment.ProcessPath!, "-noColor", "-noLogo",
            "-method", $"{typeof(DescriptorShortageTests).FullName}.{nameof(Out_of_descriptors_a_server_goes_on_pauses_and_recovers)}",
        },
        Environment = { [ChildVariable] = $"{ready}" },
        RedirectStandardOutput = true,
    })!;

    private static async Task<State> AskAsync(Connection connection, string question)
    {
        string[] words = (await connection.AskAsync(question))!.Split(' ');
        return new State(int.Parse(words[0]), int.Parse(words[1]), int.Parse(words[2]));
    }

    /// <summary>The server, in its own process, until the parent has seen enough.</summary>
    private static async Task ServeAsync(Address parent)
    {
        WatchedClock clock = new();
        TaskCompletionSource late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RunningServer? server = null;
        server = await RunningServer.StartAsync(
            async (connection, stop) =>
            {
                await foreach (string question in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                {
                    await ObeyAsync(question);
                    ServerStatistics now = server!.Statistics;
                    await connection.WriteLineAsync($"{now.Active} {now.AcceptErrors} {clock.Started(Backoff)}", stop);
                }
            },
            new ServerOptions { AcceptBackoff = Backoff },
            clock: clock);
        await using (Connection control = await Network.Host.ConnectAsync(parent))
        {
            await control.WriteLineAsync($"{server.Address}");
            Assert.Null(await control.LineAsync());
        }

        await server.StopAsync();
        Assert.Equal((0, 0L), (server.Statistics.Active, server.Statistics.CallbackErrors));
        Assert.InRange(server.Statistics.AcceptErrors, Failures, long.MaxValue);

        async Task ObeyAsync(string question)
        {
            switch (question)
            {
                case "pause":
                    await clock.StartedAsync(Backoff);
                    break;
                case "next pause":
                    await NextPauseAsync();
                    break;
                case "recover":
                    while (!late.Task.IsCompleted)
                        await Task.WhenAny(NextPauseAsync(), late.Task);
                    break;
                case "late":
                    late.SetResult();
                    break;
                case "work":
                    Work();
                    break;
            }
        }

        async Task NextPauseAsync()
        {
            int pauses = clock.Started(Backoff);
            clock.Advance(Backoff);
            await clock.StartedAsync(Backoff, pauses + 1);
        }
    }

    /// <summary>What takes descriptors of its own, as a thread pool that grows and a handler that reads a file do.</summary>
    private static void Work()
    {
        Thread thread = new(() => File.ReadAllText("/proc/self/limits"));
        thread.Start();
        thread.Join();
    }

    private sealed record State(int Active, int AcceptErrors, int Pauses);
}
