using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye.Cli.Talking;

/// <summary>What one peer sends, among the events of all: its end is not the end of the output.</summary>
internal sealed class JsonOutlet : Outlet
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="shared">The output of all.</param>
    /// <param name="appendAsync">Adds whole lines to it.</param>
    public JsonOutlet(Outlet shared, Func<ReadOnlyMemory<byte>, CancellationToken, Task> appendAsync)
    {
        Writer = new LineWriter(shared, appendAsync, () => _ended.TrySetResult());
        Ended = Task.WhenAny(_ended.Task, shared.Ended).Unwrap();
        Shared = shared;
    }

    public override PipeWriter Writer { get; }

    public override Task Ended { get; }

    public override long Written => Shared.Written;

    private Outlet Shared { get; }

    /// <summary>Gathers lines, and adds them to the output when it is flushed.</summary>
    private sealed class LineWriter(Outlet shared, Func<ReadOnlyMemory<byte>, CancellationToken, Task> appendAsync, Action onCompleted) : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _lines = new();

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _lines.WrittenCount;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _lines.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _lines.GetSpan(sizeHint);

        public override void Advance(int bytes) => _lines.Advance(bytes);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await appendAsync(_lines.WrittenMemory, cancellationToken);
            _lines.ResetWrittenCount();
            return new FlushResult(isCanceled: false, isCompleted: shared.Ended.IsCompleted);
        }

        public override void CancelPendingFlush() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => onCompleted();
    }
}
