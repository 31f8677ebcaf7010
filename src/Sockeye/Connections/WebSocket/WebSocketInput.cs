using System.IO.Pipelines;

namespace Sockeye;

/// <summary>The messages that a WebSocket receives as one stream of bytes.</summary>
internal sealed class WebSocketInput(WebSocketConnection connection, WebSocketReceiver receiver, PipeReader below, int bufferMax) : PipeReader
{
    private readonly PayloadBuffer _buffer = new();
    private int _examined;
    private bool _ended;
    private bool _completed;
    private bool _isHandedOut;
    private int _cancelRequested;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        bool cancelled = TakeCancel();
        if (!cancelled && !HasNews && connection.IsOpen)
            TryReceive();
        bool found = cancelled || HasNews;
        result = found ? Result(cancelled) : default;
        return found;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        cancellationToken.ThrowIfCancellationRequested();
        if (!connection.IsOpen)
            await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (TakeCancel())
                return Result(cancelled: true);
            if (HasNews)
                return Result(cancelled: false);
            Enter();
            try
            {
                ThrowIfFull();
                _ended = await receiver.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false) == WebSocketEventKind.Close;
            }
            finally
            {
                receiver.Leave();
            }
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (!_isHandedOut)
            throw new InvalidOperationException("There is no read to advance from: call AdvanceTo once after each read.");
        int consumedIndex = _buffer.IndexOf(consumed);
        int examinedIndex = _buffer.IndexOf(examined);
        if (examinedIndex < consumedIndex)
            throw new ArgumentOutOfRangeException(nameof(examined), "The position is before what was consumed.");
        _isHandedOut = false;
        _examined = examinedIndex - consumedIndex;
        _buffer.Consume(consumedIndex);
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _cancelRequested, 1);
        below.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        _buffer.Release();
        if (exception is not null)
            connection.Abort(exception);
    }

    private bool HasNews => _ended || _examined < _buffer.Length;

    private void TryReceive()
    {
        Enter();
        try
        {
            ThrowIfFull();

            // An empty message brings nothing, and another may be behind it.
            WebSocketEventKind kind;
            do
                kind = receiver.TryRead(_buffer);
            while (kind == WebSocketEventKind.EndOfMessage && !HasNews);
            _ended = kind == WebSocketEventKind.Close;
        }
        finally
        {
            receiver.Leave();
        }
    }

    private void Enter()
    {
        if (!receiver.TryEnter())
            throw new InvalidOperationException("Somebody reads this WebSocket already: one reader at a time.");
        connection.UseAsStream();
    }

    private void ThrowIfFull()
    {
        if (_buffer.Length >= bufferMax)
        {
            throw new ProtocolException(
                $"{connection.RemoteEndPoint} sent {_buffer.Length} bytes and none could be consumed; {nameof(StreamOptions.InputBufferMax)} is {bufferMax}.");
        }
    }

    private ReadResult Result(bool cancelled)
    {
        _isHandedOut = true;
        return new ReadResult(_buffer.Sequence, cancelled, _ended);
    }

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) != 0 && Interlocked.Exchange(ref _cancelRequested, 0) != 0;

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("This reader is completed: it reads no more.");
    }
}
