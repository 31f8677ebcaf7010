using System.IO.Pipelines;

namespace Sockeye.Tests.Serving;

/// <summary>Wraps a connection and does not say so: nobody finds what is in it.</summary>
internal sealed class OpaqueConnection(Connection inner) : Connection
{
    public override PipeReader Input => inner.Input;

    public override PipeWriter Output => inner.Output;

    public override NetworkSocket? Socket => null;

    public override CancellationToken Closed => inner.Closed;

    public override void Abort(Exception? reason = null) => inner.Abort(reason);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
