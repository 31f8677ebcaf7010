using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>One cell with a real program: it is started, its other direction is put into its state, and then the question is asked.</summary>
public sealed class EofRun : IAsyncDisposable
{
    /// <summary>A direction that has moved nothing for so long is full.</summary>
    private static readonly TimeSpan StillFor = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private readonly EofPeer _peer;

    private EofRun(Process process, EofPeer peer) => (_process, _peer) = (process, peer);

    /// <summary>Answers the question; false if there was no answer, or the wrong one.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="subject">The program.</param>
    /// <param name="transport">What it talks over.</param>
    /// <param name="settling">How long to wait before asking: programs differ in what they do some time after an end.</param>
    /// <param name="patience">How long the answer may take.</param>
    public static async Task<bool> PassesAsync(EofCell cell, EofSubject subject, EofTransport transport, TimeSpan settling, TimeSpan patience)
    {
        using CancellationTokenSource stop = new(patience + settling + StillFor);
        try
        {
            await using EofRun run = await StartAsync(subject, cell.Role, transport, stop.Token);
            EofDirection other = cell.Direction == EofDirection.In ? EofDirection.Out : EofDirection.In;
            await run.PrepareAsync(other, cell.Other, stop.Token);
            await Task.Delay(settling, stop.Token);
            await (cell.Question == EofQuestion.Data ? run.CheckDataAsync(cell.Direction, stop.Token) : run.CheckEndAsync(cell.Direction, stop.Token));
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidDataException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _peer.DisposeAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<EofRun> StartAsync(EofSubject subject, EofRole role, EofTransport transport, CancellationToken stop)
    {
        using Socket? listener = role == EofRole.Client ? transport.Listen() : null;
        Process process = subject.Start(role, transport);
        try
        {
            Socket socket = listener is null ? await transport.ConnectAsync(stop) : await listener.AcceptAsync(stop);
            return new EofRun(process, await transport.OpenAsync(socket, role, stop));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private Stream From(EofDirection direction) => direction == EofDirection.In ? _peer.Stream : _process.StandardInput.BaseStream;

    private Stream To(EofDirection direction) => direction == EofDirection.In ? _process.StandardOutput.BaseStream : _peer.Stream;

    private async Task PrepareAsync(EofDirection other, OtherDirection state, CancellationToken stop)
    {
        // A connection that both know of: a listener may have accepted it and not begun.
        await CheckDataAsync(EofDirection.In, stop);
        await CheckDataAsync(EofDirection.Out, stop);
        if (state == OtherDirection.Ended)
            await CheckEndAsync(other, stop);
        else if (state == OtherDirection.Full)
            await FillAsync(From(other), stop);
    }

    private async Task CheckDataAsync(EofDirection direction, CancellationToken stop)
    {
        byte[] received = new byte[64];
        foreach (string text in new[] { "a", "line\n", "\0\r\n\u00ff" })
        {
            byte[] sent = Encoding.UTF8.GetBytes(text);
            await From(direction).WriteAsync(sent, stop);
            await From(direction).FlushAsync(stop);
            await To(direction).ReadExactlyAsync(received.AsMemory(0, sent.Length), stop);
            if (!received.AsSpan(0, sent.Length).SequenceEqual(sent))
                throw new InvalidDataException("Other bytes came than were sent.");
        }
    }

    private async Task CheckEndAsync(EofDirection direction, CancellationToken stop)
    {
        if (direction == EofDirection.In)
            await _peer.EndAsync();
        else
            _process.StandardInput.Close();
        if (await To(direction).ReadAsync(new byte[1], stop) != 0)
            throw new InvalidDataException("Bytes came instead of the end.");
    }

    /// <summary>Writes until nothing moves any more; what waits to be written then waits until the run is over.</summary>
    private static async Task FillAsync(Stream stream, CancellationToken stop)
    {
        long written = 0;
        Thread filling = new(() =>
        {
            byte[] bytes = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    stream.Write(bytes);
                    Interlocked.Add(ref written, bytes.Length);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The run is over.
            }
        })
        { IsBackground = true };
        filling.Start();
        long before;
        do
        {
            before = Interlocked.Read(ref written);
            await Task.Delay(StillFor, stop);
        }
        while (before == 0 || Interlocked.Read(ref written) != before);
    }
}
