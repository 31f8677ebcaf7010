namespace Sockeye.Cli.Services;

/// <summary>Takes everything and says nothing (RFC 863).</summary>
internal sealed class DiscardService : Service
{
    public override Task ServeAsync(Connection connection, CancellationToken stop) => AnswerEachAsync(connection, stop);
}
