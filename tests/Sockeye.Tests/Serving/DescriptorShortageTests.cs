using System.Diagnostics;
using System.Globalization;
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
            Assert.Equal(new State(1, 0, before.ProcessorTime), before);

            Connection[] flood = await Task.WhenAll(Enumerable.Range(0, Flood).Select(_ => Network.Host.ConnectAsync(address).Within()));
            State first = await AskAsync(served, "1 failures");
            long start = Stopwatch.GetTimestamp();
            State last = await AskAsync(served, $"{Failures} failures");
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);

            // The connections it has live; the others wait, in the kernel, for descriptors. Failures take pauses, and pauses no time of the
            // processor: spinning would fill them.
            Assert.InRange(last.Active, DescriptorLimit / 4, DescriptorLimit);
            Assert.InRange(last.AcceptErrors, Failures, Failures + 2);
            Assert.True(elapsed >= Backoff * (Failures - first.AcceptErrors - 1), $"{Failures} failures in {elapsed}.");
            TimeSpan spent = last.ProcessorTime - first.ProcessorTime;
            Assert.True(spent < elapsed / 2, $"{spent} of {elapsed} were spent on the processor.");
            Assert.Equal(last.Active, (await AskAsync(flood[0], "work")).Active);

            // With descriptors again the next is served.
            foreach (Connection connection in flood)
                connection.Abort();
            Connection late = await Network.Host.ConnectAsync(address);
            Assert.InRange((await AskAsync(late, "state")).Active, 1, DescriptorLimit);

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
        return new State(int.Parse(words[0]), int.Parse(words[1]), TimeSpan.Parse(words[2], CultureInfo.InvariantCulture));
    }

    /// <summary>The server, in its own process, until the parent has seen enough.</summary>
    private static async Task ServeAsync(Address parent)
    {
        TaskCompletionSource[] failed = [.. Enumerable.Range(0, Failures + 1).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        int failures = 0;
        RunningServer? server = null;
        server = await RunningServer.StartAsync(
            async (connection, stop) =>
            {
                await foreach (string question in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                {
                    if (question.EndsWith(" failures", StringComparison.Ordinal))
                        await failed[int.Parse(question.Split(' ')[0])].Task;
                    if (question == "work")
                        Work();
                    ServerStatistics now = server!.Statistics;
                    await connection.WriteLineAsync($"{now.Active} {now.AcceptErrors} {Environment.CpuUsage.TotalTime}", stop);
                }
            },
            new ServerOptions
            {
                AcceptBackoff = Backoff,
                OnAcceptError = (_, e) =>
                {
                    if (e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } && ++failures <= Failures)
                        failed[failures].SetResult();
                },
            });
        await using (Connection control = await Network.Host.ConnectAsync(parent))
        {
            await control.WriteLineAsync($"{server.Address}");
            Assert.Null(await control.LineAsync());
        }

        await server.StopAsync();
        Assert.Equal((0, 0L), (server.Statistics.Active, server.Statistics.CallbackErrors));
        Assert.InRange(server.Statistics.AcceptErrors, Failures, long.MaxValue);
    }

    /// <summary>What takes descriptors of its own, as a thread pool that grows and a handler that reads a file do.</summary>
    private static void Work()
    {
        Thread thread = new(() => File.ReadAllText("/proc/self/limits"));
        thread.Start();
        thread.Join();
    }

    private sealed record State(int Active, int AcceptErrors, TimeSpan ProcessorTime);
}
