using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A signal that comes while a reactor waits ends its wait with EINTR (signal(7): neither of its waits is ever begun anew by the kernel).</summary>
[Collection(nameof(SignalTests))]
public abstract partial class SignalTests(Engine engine) : ReactorTests(engine)
{
    /// <summary>SIGWINCH, which means nothing to who has no terminal.</summary>
    private const int WindowChanged = 28;

    private const int Interruptions = 100;
    private const int Rounds = 200;

    [Fact]
    public Task Signals_end_waits_and_nothing_is_lost() => RunAsync(async () =>
    {
        // Without a handler the signal would be dropped before it ends anything.
        Channel<int> delivered = Channel.CreateUnbounded<int>();
        using PosixSignalRegistration handler = PosixSignalRegistration.Create((PosixSignal)WindowChanged, context =>
        {
            context.Cancel = true;
            delivered.Writer.TryWrite(WindowChanged);
        });
        using ReactorPair pair = await ConnectAsync(Open());
        TaskCompletionSource<int> thread = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(pair.Connection.Socket!, () => thread.SetResult(gettid()));
        int reactor = await thread.Task;

        // Nothing else wakes it meanwhile: each of these ends a wait, and the next begins.
        for (int i = 0; i < Interruptions; i++)
        {
            long waits = await AsleepAsync(reactor);
            Assert.Equal(0, tgkill(Environment.ProcessId, reactor, WindowChanged));
            await delivered.Reader.ReadAsync();
            while (await AsleepAsync(reactor) == waits)
                await Task.Yield();
        }

        int signals = 0;
        bool isEnough = false;
        Task signalling = Task.Run(async () =>
        {
            for (; !Volatile.Read(ref isEnough); Interlocked.Increment(ref signals))
            {
                Assert.Equal(0, tgkill(Environment.ProcessId, reactor, WindowChanged));
                await delivered.Reader.ReadAsync();
            }
        });
        for (int round = 0; round < Rounds; round++)
        {
            int signalsBefore = Volatile.Read(ref signals);
            string text = $"message {round}";
            Task<byte[]> reading = pair.Connection.Input.ReadExactlyAsync(text.Length).AsTask();
            while (Volatile.Read(ref signals) == signalsBefore && !signalling.IsCompleted)
                await Task.Yield();
            await pair.Peer.SendTextAsync(text);
            await pair.Connection.WriteAsync(await reading);
            Assert.Equal(text, await pair.Peer.ReceiveTextAsync());
        }

        Volatile.Write(ref isEnough, true);
        await signalling;
    });

    /// <summary>How often a thread has begun to wait, once it does so again (proc_pid_status(5)).</summary>
    private static async Task<long> AsleepAsync(int thread)
    {
        while (true)
        {
            string[] status = await File.ReadAllLinesAsync($"/proc/self/task/{thread}/status");
            if (Field("State:").StartsWith('S'))
                return long.Parse(Field("voluntary_ctxt_switches:"), CultureInfo.InvariantCulture);
            await Task.Yield();

            string Field(string name) => status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        }
    }

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int tgkill(int process, int thread, int signal);
}
