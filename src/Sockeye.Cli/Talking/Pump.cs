using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Cli.Talking;

/// <summary>A direction of bytes: from one pipe to another.</summary>
/// <param name="from">The side that gives.</param>
/// <param name="to">The side that takes.</param>
/// <param name="translation">What becomes of the bytes on their way; null leaves them as they are.</param>
/// <param name="onMoved">Told whenever bytes have moved.</param>
internal sealed class Pump(PipeReader from, PipeWriter to, Translation? translation, Action onMoved) : Flow(onMoved)
{
    public override async Task RunAsync(CancellationToken stop)
    {
        bool isOver = false;
        while (!isOver)
        {
            ReadResult result = await from.ReadAsync(stop);
            SequencePosition consumed = result.Buffer.Start;
            try
            {
                isOver = result.IsCompleted;
                ReadOnlySequence<byte> rest = result.Buffer;
                bool hasMoved;
                do
                {
                    consumed = Take(rest, result.IsCompleted, out ReadOnlyMemory<byte> piece);
                    hasMoved = !consumed.Equals(rest.Start);
                    Take(rest.Slice(0, consumed).Length);
                    rest = rest.Slice(consumed);
                    isOver |= !await GiveAsync(piece, stop);
                }
                while (hasMoved && !rest.IsEmpty);
            }
            finally
            {
                // What was taken is never given twice, also when giving it was cut short.
                from.AdvanceTo(consumed, result.Buffer.End);
            }
        }
    }

    /// <summary>Takes from the front: a piece to give as it is, or what the translation has written already.</summary>
    private SequencePosition Take(ReadOnlySequence<byte> bytes, bool isLast, out ReadOnlyMemory<byte> piece)
    {
        piece = default;
        if (translation is not null)
            return translation.Translate(bytes, isLast, to);
        piece = bytes.First;
        return bytes.GetPosition(piece.Length);
    }

    /// <summary>False when the other side takes no more.</summary>
    private async ValueTask<bool> GiveAsync(ReadOnlyMemory<byte> piece, CancellationToken stop)
    {
        long count = piece.Length;
        if (translation is not null)
            count = to.UnflushedBytes;
        if (count == 0)
            return true;
        BeginGiving();
        FlushResult result = translation is null ? await to.WriteAsync(piece, stop) : await to.FlushAsync(stop);
        EndGiving(count);
        return !result.IsCompleted;
    }
}
