using System.IO.Pipelines;

namespace Sockeye.Tests.Relaying;

/// <summary>A connection on which completing the output sends the end and then takes until it is let go.</summary>
internal sealed class HeldEndConnection(Connection inner) : DelegatingConnection(inner)
{
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HeldWriter? _output;

    public override PipeWriter Output => _output ??= new HeldWriter(Inner.Output, _letGo.Task);

    public void LetGo() => _letGo.SetResult();

    private sealed class HeldWriter(PipeWriter inner, Task letGo) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask CompleteAsync(Exception? exception = null)
        {
            await inner.CompleteAsync(exception);
            await letGo;
        }
    }
}
