using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>One cell with a real program: it is started, its other direction is put into its state, and then the question is asked.</summary>
public sealed class EofRun : IAsyncDisposable
{
    private const int ExitCodeDone = 0;

    private readonly Process _process;
    private readonly EofPeer _peer;
    private readonly EofCell _cell;
    private readonly EofDirection _other;
    private EofFilling? _filling;

    private EofRun(Process process, EofPeer peer, EofCell cell)
    {
        (_process, _peer, _cell) = (process, peer, cell);
        _other = cell.Direction == EofDirection.In ? EofDirection.Out : EofDirection.In;
    }

    /// <summary>Answers the question; false if there was no answer, or the wrong one.</summary>
    /// <param name="cell">Which.</param>
    /// <param name="subject">The program.</param>
    /// <param name="transport">What it talks over.</param>
    /// <param name="settling">How long to wait before asking: programs differ in what they do some time after an end.</param>
    /// <param name="patience">How long the answer may take.</param>
    public static async Task<bool> PassesAsync(EofCell cell, EofSubject subject, EofTransport transport, TimeSpan settling, TimeSpan patience) =>
        await FindFaultAsync(cell, subject, transport, settling, patience, isStrict: false) is null;

    /// <summary>
    /// Answers the question, and more: that the other direction is in its state before it was asked and after, that all it holds arrives, and that the program
    /// ends with 0 once both directions have ended. What is wrong; null if nothing is.
    /// </summary>
    public static Task<string?> FindFaultAsync(EofCell cell, EofSubject subject, EofTransport transport, TimeSpan patience) =>
        FindFaultAsync(cell, subject, transport, TimeSpan.Zero, patience, isStrict: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _peer.DisposeAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string?> FindFaultAsync(
        EofCell cell, EofSubject subject, EofTransport transport, TimeSpan settling, TimeSpan patience, bool isStrict)
    {
        using CancellationTokenSource stop = new(patience + settling);
        string step = "starting";
        try
        {
            await using EofRun run = await StartAsync(subject, cell, transport, stop.Token);
            await using CancellationTokenRegistration ending = stop.Token.Register(run._process.Kill); // reading a pipe cannot be cancelled
            step = "bringing the other direction into its state";
            await run.PrepareAsync(stop.Token);
            await Task.Delay(settling, stop.Token);
            step = "asking";
            await run.AskAsync(stop.Token);
            if (!isStrict)
                return null;
            step = "looking at the other direction afterwards";
            await run.CheckOtherAsync(stop.Token);
            if (cell.Question == EofQuestion.Data)
                await run.AskAsync(stop.Token);
            step = "ending both directions";
            await run.EndAllAsync(stop.Token);
            return run._process.ExitCode == ExitCodeDone ? null : $"the exit code is {run._process.ExitCode}";
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidDataException)
        {
            return $"{step}: {(stop.IsCancellationRequested ? "nothing happened" : e.Message)}";
        }
    }

    private static async Task<EofRun> StartAsync(EofSubject subject, EofCell cell, EofTransport transport, CancellationToken stop)
    {
        using Socket? listener = cell.Role == EofRole.Client ? transport.Listen() : null;
        Process process = subject.Start(cell.Role, transport);
        try
        {
            Socket socket = listener is null ? await transport.ConnectAsync(stop) : await listener.AcceptAsync(stop);
            return new EofRun(process, await transport.OpenAsync(socket, cell.Role, stop), cell);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private PipeStream Input => (PipeStream)_process.StandardInput.BaseStream;

    private PipeStream Output => (PipeStream)_process.StandardOutput.BaseStream;

    private Stream From(EofDirection direction) => direction == EofDirection.In ? _peer.Stream : Input;

    private Stream To(EofDirection direction) => direction == EofDirection.In ? Output : _peer.Stream;

    private async Task PrepareAsync(CancellationToken stop)
    {
        // A connection that both know of: a listener may have accepted it and not begun.
        await CheckDataAsync(EofDirection.In, stop);
        await CheckDataAsync(EofDirection.Out, stop);
        if (_cell.Other == OtherDirection.Ended)
            await EndAsync(_other, stop);
        else if (_cell.Other == OtherDirection.Full)
            _filling = new EofFilling(From(_other));
        await CheckOtherAsync(stop);
    }

    private async Task AskAsync(CancellationToken stop)
    {
        if (_cell.Question == EofQuestion.Data)
            await CheckDataAsync(_cell.Direction, stop);
        else
            await EndAsync(_cell.Direction, stop);
    }

    /// <summary>The other direction is what the cell says, when the program has done all it is going to.</summary>
    private async Task CheckOtherAsync(CancellationToken stop)
    {
        await EofRest.WaitAsync(_process, stop);
        if (_cell.Other == OtherDirection.Full)
            await WaitUntilFullAsync(stop);
        else if (_cell.Other == OtherDirection.Quiet && !IsSilent(_other))
            throw new InvalidDataException("Nothing was sent, and something came.");
        else if (_cell.Other == OtherDirection.Ended && await To(_other).ReadAsync(new byte[1], stop) != 0)
            throw new InvalidDataException("Bytes came behind the end.");
    }

    /// <summary>Full, and the program will not change that: it was full before it came to rest, and took nothing until then.</summary>
    private async Task WaitUntilFullAsync(CancellationToken stop)
    {
        bool isFull;
        do
        {
            long written = _filling!.Written;
            isFull = await IsFullAsync(stop);
            await EofRest.WaitAsync(_process, stop);
            isFull &= await IsFullAsync(stop) && _filling.Written == written;
        }
        while (!isFull);
    }

    /// <summary>What is full is read to its end, what is quiet takes data still, and each direction that is open ends; then the program does.</summary>
    private async Task EndAllAsync(CancellationToken stop)
    {
        if (_filling is not null)
            await _filling.DrainAsync(To(_other), stop);
        if (_cell.Other != OtherDirection.Ended)
            await CheckDataAsync(_other, stop);
        await EofRest.WaitAsync(_process, stop);
        bool isOpen = _cell.Other != OtherDirection.Ended || _cell.Question != EofQuestion.End;
        if (isOpen && _process.HasExited)
            throw new InvalidDataException("It has ended too early.");
        if (_cell.Other != OtherDirection.Ended)
            await EndAsync(_other, stop);
        if (_cell.Question != EofQuestion.End)
            await EndAsync(_cell.Direction, stop);
        await _process.WaitForExitAsync(stop);
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

    private async Task EndAsync(EofDirection direction, CancellationToken stop)
    {
        if (direction == EofDirection.In)
            await _peer.EndAsync();
        else
            _process.StandardInput.Close();
        if (await To(direction).ReadAsync(new byte[1], stop) != 0)
            throw new InvalidDataException("Bytes came instead of the end.");
    }

    /// <summary>Neither data nor an end are there to be read.</summary>
    private bool IsSilent(EofDirection direction) =>
        direction == EofDirection.In ? EofKernel.IsSilent(Output) : !_peer.Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Whoever writes has to wait, and so has the program: what it would write to takes no more, and only a reader could change that.</summary>
    private async Task<bool> IsFullAsync(CancellationToken stop)
    {
        if (!_filling!.IsWriting)
            return false;
        return _other == EofDirection.In
            ? EofKernel.IsFull(Output) && !_peer.Socket.Poll(0, SelectMode.SelectWrite)
            : EofKernel.IsFull(Input) && await EofKernel.IsOtherEndFullAsync(_peer.Socket, stop);
    }
}
