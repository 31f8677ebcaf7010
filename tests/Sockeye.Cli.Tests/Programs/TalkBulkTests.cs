using System.Diagnostics;
using System.Net.Sockets;
using Sockeye.Cli.Tests.Eof;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>Much data through the program, both ways at once.</summary>
public class TalkBulkTests
{
    /// <summary>What the program's objects may take in all, in MiB: .NET fails where they would take more. Two buffers of 256 KB are the most that it needs.</summary>
    private const int HeapMax = 24;

    /// <summary>The most memory it may ever have had, in MiB, with all that .NET takes for itself: a quarter of the data that go each way.</summary>
    private const int MemoryMax = 128;

    /// <summary>What goes each way, in MiB.</summary>
    private static readonly int Length = SoakLevel.Scale(shortValue: 512, longValue: 8 * 1024);

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData(EofRole.Client)]
    [InlineData(EofRole.Listener)]
    public async Task What_is_long_each_way_arrives_whole_and_needs_no_memory(EofRole role)
    {
        long pieces = Length * 1024L * 1024 / CountedBytes.PieceBytes;
        using CancellationTokenSource stop = new(SoakLevel.Scale(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)));
        using EofTransport transport = EofTransport.Tcp();
        using Socket? listener = role == EofRole.Client ? transport.Listen() : null;
        using Process program = SockeyeProcess.EofSubject.Start(role, transport, [("DOTNET_GCHeapHardLimit", $"{HeapMax * 1024 * 1024:x}")]);
        await using CancellationTokenRegistration ending = stop.Token.Register(program.Kill);
        try
        {
            using Socket peer = listener is null ? await transport.ConnectAsync(stop.Token) : await listener.AcceptAsync(stop.Token);
            await using NetworkStream stream = new(peer);
            Task toPeer = CountedBytes.CheckAsync(stream, pieces, seed: 1, stop.Token);
            Task toOutput = CountedBytes.CheckAsync(program.StandardOutput.BaseStream, pieces, seed: 2, stop.Token);
            Task fromInput = CountedBytes.SendAsync(program.StandardInput.BaseStream, pieces, seed: 1, stop.Token);
            Task fromPeer = CountedBytes.SendAsync(stream, pieces, seed: 2, stop.Token);
            await Task.WhenAll(toPeer, toOutput, fromInput, fromPeer);
            int memory = PeakMemory(program);
            program.StandardInput.Close();
            peer.Shutdown(SocketShutdown.Send);

            Assert.Equal(0, await stream.ReadAsync(new byte[1], stop.Token));
            Assert.Equal(0, await program.StandardOutput.BaseStream.ReadAsync(new byte[1], stop.Token));
            await program.WaitForExitAsync(stop.Token);
            Assert.Equal(ExitCodes.Done, program.ExitCode);
            Assert.InRange(memory, 1, MemoryMax);
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
    }

    /// <summary>In MiB, as the kernel counted (proc_pid_status(5)).</summary>
    private static int PeakMemory(Process process)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }
}
