using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sockeye.Cli.Tests.Eof;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>Much data through the program, both ways at once.</summary>
public class TalkBulkTests
{
    /// <summary>The most memory it may ever have had, in MiB: what .NET takes for itself, and some buffers. The data are more.</summary>
    private const int MemoryMax = 160;

    private const int PieceBytes = 64 * 1024;

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData(EofRole.Client)]
    [InlineData(EofRole.Listener)]
    public async Task What_is_long_each_way_arrives_whole_and_needs_no_memory(EofRole role)
    {
        int pieces = SoakLevel.Scale(shortValue: 128, longValue: 1024) * 1024 / (PieceBytes / 1024);
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(5));
        using EofTransport transport = EofTransport.Tcp();
        using Socket? listener = role == EofRole.Client ? transport.Listen() : null;
        using Process program = SockeyeProcess.EofSubject.Start(role, transport);
        try
        {
            using Socket peer = listener is null ? await transport.ConnectAsync(stop.Token) : await listener.AcceptAsync(stop.Token);
            await using NetworkStream stream = new(peer);
            Task<byte[]> toPeer = HashAsync(stream, stop.Token);
            Task<byte[]> toOutput = HashAsync(program.StandardOutput.BaseStream, stop.Token);
            Task<byte[]> fromInput = SendAsync(program.StandardInput.BaseStream, pieces, seed: 1, stop.Token);
            Task<byte[]> fromPeer = SendAsync(stream, pieces, seed: 2, stop.Token);
            byte[] sentByInput = await fromInput;
            byte[] sentByPeer = await fromPeer;
            int memory = PeakMemory(program);
            program.StandardInput.Close();
            peer.Shutdown(SocketShutdown.Send);

            Assert.Equal(sentByInput, await toPeer);
            Assert.Equal(sentByPeer, await toOutput);
            Assert.InRange(memory, 1, MemoryMax);
            await program.WaitForExitAsync(stop.Token);
            Assert.Equal(ExitCodes.Done, program.ExitCode);
        }
        finally
        {
            if (!program.HasExited)
                program.Kill();
        }
    }

    private static async Task<byte[]> SendAsync(Stream to, int pieces, int seed, CancellationToken stop)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[PieceBytes];
        new Random(seed).NextBytes(piece);
        for (int i = 0; i < pieces; i++)
        {
            BitConverter.TryWriteBytes(piece, i); // no two are the same
            hash.AppendData(piece);
            await to.WriteAsync(piece, stop);
        }

        await to.FlushAsync(stop);
        return hash.GetHashAndReset();
    }

    private static async Task<byte[]> HashAsync(Stream from, CancellationToken stop) => await SHA256.HashDataAsync(from, stop);

    /// <summary>In MiB, as the kernel counted (proc_pid_status(5)).</summary>
    private static int PeakMemory(Process process)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }
}
