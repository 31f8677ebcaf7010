using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Sockeye.Tests.Serving;

/// <summary>
/// A server that runs out of descriptors. It needs a process of its own with a low limit: the test runs itself again in one.
/// </summary>
public class DescriptorShortageTests
{
    private const string ChildVariable = "SOCKEYE_TEST_FEW_DESCRIPTORS";
    private const int DescriptorLimit = 256;
    private const int Failures = 6;
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Out_of_descriptors_a_server_goes_on_pauses_and_recovers()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("ulimit and /proc are Linux's.");
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
            await ServeWithoutDescriptorsAsync();
        else
            await RunAgainAsync();
    }

    private static async Task RunAgainAsync()
    {
        ProcessStartInfo start = new("/bin/sh")
        {
            ArgumentList =
            {
                "-c",
                $"ulimit -n {DescriptorLimit} && exec \"$0\" \"$@\"",
                Environment.ProcessPath!,
                "-noColor", "-noLogo",
                "-method", $"{typeof(DescriptorShortageTests).FullName}.{nameof(Out_of_descriptors_a_server_goes_on_pauses_and_recovers)}",
            },
            Environment = { [ChildVariable] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process child = Process.Start(start)!;
        try
        {
            Task<string> output = child.StandardOutput.ReadToEndAsync();
            Task<string> errors = child.StandardError.ReadToEndAsync();
            await child.WaitForExitAsync().Within();
            Assert.True(child.ExitCode == 0, await output + await errors);
            Assert.Contains("Total: 1, Errors: 0, Failed: 0", await output, StringComparison.Ordinal);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
    }

    private static async Task ServeWithoutDescriptorsAsync()
    {
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int failures = 0;
        await using RunningServer server = await RunningServer.StartAsync(RunningServer.EchoAsync, new ServerOptions
        {
            AcceptBackoff = Backoff,
            OnAcceptError = (_, e) =>
            {
                if (e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } && ++failures == Failures)
                    failed.SetResult();
            },
        });
        await using Connection served = await server.ConnectAsync();
        Assert.Equal("before", await served.AskAsync("before"));

        // The next client has its descriptor already; the server finds none for it. Nothing is asserted before there are some again: without
        // a descriptor the runtime cannot load what a failing assertion needs.
        NetworkSocket late = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        List<SafeFileHandle> hoard = [];
        TimeSpan elapsed;
        TimeSpan spent;
        string? meanwhile;
        ServerStatistics statistics;
        try
        {
            Hoard(hoard);
            spent = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await late.ConnectAsync(server.Address.EndPoint);
            await failed.Task.Within();
            elapsed = Stopwatch.GetElapsedTime(start);
            spent = Environment.CpuUsage.TotalTime - spent;
            meanwhile = await served.AskAsync("meanwhile");
            statistics = server.Statistics;
        }
        finally
        {
            foreach (SafeFileHandle file in hoard)
                file.Dispose();
        }

        Assert.Equal("meanwhile", meanwhile);
        Assert.Equal((1, 1), (statistics.Active, statistics.Accepted));
        Assert.True(statistics.AcceptErrors >= Failures);

        // So many failures take so many pauses, and the pauses no time of the processor: spinning would fill them.
        Assert.True(elapsed >= Backoff * (Failures - 1) * 0.9, $"{Failures} failures in {elapsed}.");
        Assert.True(spent < elapsed / 2, $"{spent} of {elapsed} were spent on the processor.");

        await using Connection client = Network.Host.CreateConnection(late, new StreamOptions { LingerTimeout = TimeSpan.Zero });
        Assert.Equal("afterwards", await client.AskAsync("afterwards"));
        Assert.Equal((2, 0), (server.Statistics.Accepted, server.Statistics.CallbackErrors));
    }

    /// <summary>Takes every descriptor that is left.</summary>
    private static void Hoard(List<SafeFileHandle> hoard)
    {
        try
        {
            while (true)
                hoard.Add(File.OpenHandle("/dev/null"));
        }
        catch (IOException)
        {
            // None is left. No socket has failed yet: the first to notice is the server.
        }
    }
}
