namespace Sockeye.Cli.Services;

/// <summary>Sends back what comes (RFC 862).</summary>
internal sealed class EchoService : Service
{
    public override Task ServeAsync(Connection connection, CancellationToken stop) => AnswerEachAsync(connection, stop);

    protected override ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message) => message;
}
