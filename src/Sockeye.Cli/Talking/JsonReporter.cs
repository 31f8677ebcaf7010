using System.Buffers;
using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>Everything on standard output, one JSON object a line: what happens, and what came. What came waits until it is read.</summary>
internal sealed class JsonReporter : Reporter
{
    private readonly BlockingOutlet _outlet;
    private readonly TimeProvider _time;
    private readonly JsonFormat _format = new();
    private readonly SemaphoreSlim _turn = new(1);
    private Task _told = Task.CompletedTask;

    public JsonReporter(Stream output, TimeProvider time, CancellationToken stop)
        : base(time, stop)
    {
        _outlet = new BlockingOutlet(output, "standard output");
        _time = time;
    }

    public override bool IsJson => true;

    public override void Tell(CliEvent happened) => _told = AppendAsync(Line(happened), CancellationToken.None);

    public override Outlet OpenOutlet(CliEvent peer) => new JsonOutlet(_outlet, AppendAsync);

    public override void WriteReceived(CliEvent peer, ReadOnlySequence<byte> bytes, IBufferWriter<byte> output) =>
        output.Write(Line(peer with { Kind = EventKind.Received, Bytes = bytes.Length, Preview = bytes.ToArray() }));

    public override async ValueTask DisposeAsync()
    {
        await WaitForEndAsync(_told, _outlet.StandStill);
        await _outlet.Writer.CompleteAsync();
        await WaitForEndAsync(_outlet.Ended, _outlet.StandStill);
        await base.DisposeAsync();
    }

    private byte[] Line(CliEvent happened) => Encoding.UTF8.GetBytes(_format.Format(happened with { Time = _time.GetUtcNow() }) + "\n");

    /// <summary>Whole lines, one after the other: the semaphore lets them through in the order they came.</summary>
    private async Task AppendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _outlet.Writer.WriteAsync(lines, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
