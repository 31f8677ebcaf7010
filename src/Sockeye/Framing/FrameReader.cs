using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>Reads frames from a pipe. One read at a time.</summary>
/// <remarks>
/// <para>A frame that refers to the pipe's memory (<see cref="ReadOnlySequence{T}"/>) is valid until the next call on this
/// reader: the pipe is advanced only then. Copy what must live longer.</para>
/// <para>The reader does not own the pipe and never completes it. The pipe is held while a frame is out, and given back with
/// every byte that was not decoded when <see cref="ReadAsync"/> returns no frame or throws, when a loop over
/// <see cref="ReadAllAsync"/> is left, and by <see cref="Release"/>; then others may read it, a reader with another codec
/// for instance. As ever with pipes, the start of a frame that had been looked at in vain is shown again together with
/// the next bytes.</para>
/// <para>A malformed frame is not skipped: reading again throws again.</para>
/// </remarks>
/// <typeparam name="T">What a frame is to the program.</typeparam>
public sealed class FrameReader<T>
{
    private readonly PipeReader _input;
    private readonly FrameCodec<T> _codec;

    // Of the pipe's last read, while it is held: frames that arrived together are given out of it without another.
    private bool _held;
    private ReadOnlySequence<byte> _rest;
    private bool _completed;
    private bool _canceled;

    // How far the codec has come in the next frame during this read. Between reads the pipe may be anybody's, and then
    // nothing is known.
    private FrameProgress _progress;

    private bool _ended;

    /// <summary>Creates a reader.</summary>
    /// <param name="input">The pipe to read from; it remains the caller's.</param>
    /// <param name="codec">What finds the frames.</param>
    public FrameReader(PipeReader input, FrameCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(codec);
        _input = input;
        _codec = codec;
    }

    /// <summary>Told of every frame that is given out, with the bytes it took in the stream: content, and delimiter or prefix.</summary>
    internal Action<long>? FrameDecoded { get; set; }

    /// <summary>Reads the next frame.</summary>
    /// <param name="cancellationToken">Cancels the wait. No byte is lost: a later read goes on where this one stopped.</param>
    /// <returns>The frame, or the end of the stream, for as often as it is asked.</returns>
    /// <exception cref="ProtocolException">The peer sent no valid frame, or its stream ended within one.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled, or
    /// <see cref="PipeReader.CancelPendingRead"/> was called and all frames that had arrived are given out.</exception>
    /// <exception cref="Exception">Whatever the pipe's read throws, such as a <see cref="System.Net.Sockets.SocketException"/>.</exception>
    public ValueTask<FrameResult<T>> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Release();
            return ValueTask.FromCanceled<FrameResult<T>>(cancellationToken);
        }

        _progress = default;

        // Not an async method: most frames are there already, and need no state machine.
        try
        {
            FrameResult<T> result;
            while (!TryNext(out result))
            {
                ValueTask<ReadResult> read = _input.ReadAsync(cancellationToken);
                if (!read.IsCompletedSuccessfully)
                    return WaitAsync(read, cancellationToken);
                Hold(read.Result);
            }

            return new ValueTask<FrameResult<T>>(result);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<FrameResult<T>>(e);
        }
    }

    /// <summary>Reads frame after frame until the stream ends or <paramref name="stop"/> fires.</summary>
    /// <remarks>A frame is valid during the loop's body. Leaving the loop, for whatever reason, gives the pipe back.</remarks>
    /// <param name="stop">Ends the sequence, without an exception and without losing a byte; frames that have arrived
    /// but were not given out stay in the pipe.</param>
    /// <returns>The frames. Enumerate it once at a time: it is the stream itself.</returns>
    /// <exception cref="ProtocolException">The peer sent no valid frame, or its stream ended within one.</exception>
    /// <exception cref="OperationCanceledException"><see cref="PipeReader.CancelPendingRead"/> was called, and <paramref name="stop"/> has not fired.</exception>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                FrameResult<T> result;
                try
                {
                    result = await ReadAsync(stop).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    break;
                }

                if (!result.TryGetFrame(out T? frame))
                    break;
                yield return frame;
            }
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Gives the pipe back: the next read of it starts after the last frame given out, which is no longer valid. Idempotent.
    /// </summary>
    public void Release()
    {
        if (!_held)
            return;
        try
        {
            GiveBack();
        }
        catch (InvalidOperationException)
        {
            // The pipe's owner completed it while a frame was out. There is nothing left to give back, and leaving
            // a loop must not throw over the exception that may be the reason for leaving it.
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]   // a read that waits allocates nothing either
    private async ValueTask<FrameResult<T>> WaitAsync(ValueTask<ReadResult> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            Hold(await read.ConfigureAwait(false));
            if (TryNext(out FrameResult<T> result))
                return result;
            read = _input.ReadAsync(cancellationToken);
        }
    }

    /// <summary>The next frame of what is held, or the end; otherwise the pipe is given back to be read.</summary>
    private bool TryNext(out FrameResult<T> result)
    {
        result = default;
        if (!_held)
            return _ended;
        if (!TryTake(out T? frame))
            return MakeRoom();
        result = new FrameResult<T>(frame);
        return true;
    }

    private void Hold(in ReadResult read)
    {
        _rest = read.Buffer;
        _completed = read.IsCompleted;
        _canceled = read.IsCanceled;
        _held = true;
    }

    private bool TryTake([MaybeNullWhen(false)] out T frame)
    {
        ReadOnlySequence<byte> rest = _rest;
        try
        {
            if (!_codec.TryResume(ref rest, ref _progress, out frame) && !(_completed && _codec.TryDecodeEnd(ref rest, out frame)))
            {
                _rest = rest;
                _progress.Searched = rest.Length;
                return false;
            }

            if (rest.Start.Equals(_rest.Start))
                throw new InvalidOperationException($"{_codec.GetType()} returned a frame without taking a byte: it would do so for ever.");
        }
        catch
        {
            Release();
            throw;
        }

        long size = FrameDecoded is null ? 0 : _rest.Length - rest.Length;
        _rest = rest;
        FrameDecoded?.Invoke(size);
        return true;
    }

    /// <summary>Without a whole frame: everything is examined, so that the pipe's next read waits for more.</summary>
    /// <returns>Whether the stream has ended.</returns>
    private bool MakeRoom()
    {
        bool canceled = _canceled && !_completed;
        _ended = _completed;
        Advance(_rest.End);
        return canceled ? throw new OperationCanceledException("The pipe's pending read was cancelled.") : _ended;
    }

    private void GiveBack()
    {
        // A pipe refuses to examine less than before, and this may not be the first reader to look at these bytes.
        // But a read returns only with a byte that nobody has examined: leaving the last one so is always allowed,
        // and makes the next read return at once. The exceptions are a pipe that is completed, whose reads always
        // return at once, and a cancelled read: it was not reported yet, so it is passed on with all the bytes.
        if (_rest.IsEmpty || _completed)
        {
            Advance(_rest.End);
        }
        else if (_canceled)
        {
            Advance(_rest.End);
            _input.CancelPendingRead();
        }
        else
        {
            Advance(_rest.GetPosition(_rest.Length - 1));
        }
    }

    private void Advance(SequencePosition examined)
    {
        SequencePosition consumed = _rest.Start;
        _held = false;
        _rest = default;
        _input.AdvanceTo(consumed, examined);
    }
}
