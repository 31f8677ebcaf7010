using System.IO.Pipelines;
using System.Net;

namespace Sockeye.Tests.Serving;

/// <summary>Always has another connection ready, without ever waiting, until it is stopped.</summary>
internal sealed class BusyListener : Listener
{
    private volatile bool _stopped;

    public override Address Address => "unix:///busy";

    public override IReadOnlyList<EndPoint> LocalEndPoints => [];

    public override ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        new(_stopped || cancellationToken.IsCancellationRequested ? null : new NoConnection());

    public override ValueTask DisposeAsync()
    {
        _stopped = true;
        return ValueTask.CompletedTask;
    }

    private sealed class NoConnection : Connection
    {
        public override PipeReader Input => throw new NotSupportedException();

        public override PipeWriter Output => throw new NotSupportedException();

        public override NetworkSocket? Socket => null;

        public override CancellationToken Closed => CancellationToken.None;

        public override void Abort(Exception? reason = null)
        {
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
