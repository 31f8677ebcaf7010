using System.IO.Pipelines;

namespace Sockeye.Tests.Relaying;

/// <summary>A connection whose reader cannot be advanced.</summary>
internal sealed class UnadvancedConnection(Connection inner) : DelegatingConnection(inner)
{
    public override PipeReader Input => new Reader(Inner.Input);

    private sealed class Reader(PipeReader inner) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => throw new InvalidOperationException("It cannot be advanced.");

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
