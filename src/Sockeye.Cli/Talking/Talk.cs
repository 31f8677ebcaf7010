using System.Buffers;
using System.IO.Pipelines;
using Sockeye.Cli.Output;
using Sockeye.Cli.Serving;
using Sockeye.Cli.Talking.Channels;

namespace Sockeye.Cli.Talking;

/// <summary>Talks with one peer over the standard streams, and tells what happens.</summary>
/// <param name="environment">The standard streams and the clock.</param>
/// <param name="settings">What the options say.</param>
/// <param name="reporter">Told what happens.</param>
internal sealed class Talk(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    /// <summary>
    /// How long a conversation that did not come to its own end may take to send its last bytes and see the peer's end: whoever interrupts it
    /// should not have to wait.
    /// </summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(100);

    private PipeReader? _input;
    private volatile bool _hasEnded;

    /// <summary>Talks until it is over; the connection is closed then.</summary>
    /// <param name="connection">The peer.</param>
    /// <param name="number">The client's, counted from 1; null for the only one.</param>
    /// <param name="stop">Ends it as interrupted.</param>
    public async Task<Ending> RunAsync(Connection connection, long? number, CancellationToken stop)
    {
        await using Connection closing = connection;
        await connection.HandshakeAsync(stop);
        CliEvent peer = new(EventKind.Connected)
        {
            Connection = number,
            Address = number is null ? Client.Name(connection.LocalEndPoint, connection.Socket) : Client.NameOf(connection),
            Peer = number is null ? Client.NameOfServer(connection) : Client.Name(connection.RemoteEndPoint, connection.Socket),
        };
        reporter.Tell(peer with { Duration = connection.HandshakeTime, Tls = Client.TlsVersion(connection) });
        Channel channel = Channel.Open(connection, settings.Format, reporter.IsJson ? (bytes, type, output) => WriteReceived(peer, bytes, type, output) : null);
        Conversation conversation = new(channel, OpenInput(), reporter.OpenOutlet(peer), Options(peer, channel), environment.Network.TimeProvider);
        long startedAt = environment.Network.TimeProvider.GetTimestamp();
        Ending ending = WebSocketEnding.Of(connection, await conversation.RunAsync(stop));
        if (ending.WasCut || ending.Cause is EndCause.Idle)
            connection.Abort();
        if (ending.Cause is EndCause.Idle or EndCause.Linger && !settings.KeepOpen)
            reporter.Hurry();
        reporter.Tell(WebSocketEnding.Describe(connection, peer with
        {
            Kind = EventKind.Left,
            Reason = $"{ending.Cause}".ToLowerInvariant(),
            Bytes = ending.BytesReceived,
            Sent = ending.BytesSent,
            Duration = environment.Network.TimeProvider.GetElapsedTime(startedAt),
        }));
        return ending;
    }

    private PipeReader? OpenInput() => settings.NoStdin ? null : _input ??= BlockingInput.Open(environment.OpenInput(), "standard input");

    private void WriteReceived(CliEvent peer, ReadOnlySequence<byte> bytes, string? messageType, IBufferWriter<byte> output) =>
        reporter.WriteReceived(peer with { MessageType = messageType }, bytes, output);

    private ConversationOptions Options(CliEvent peer, Channel channel) => new()
    {
        Linger = settings.Linger,
        Idle = settings.Idle,
        EndWait = channel.EndsWithPeer ? settings.ReplyWait : TimeSpan.Zero,
        EndsWithPeer = settings.KeepOpen,
        EndsOutlet = !settings.KeepOpen,
        OnEnded = direction => OnEnded(peer, direction, channel),
    };

    private void OnEnded(CliEvent peer, Direction direction, Channel channel)
    {
        _hasEnded |= direction == Direction.Sent;

        // Whoever types sees nothing of the peer's end, and may wait for it.
        bool isWaitedFor = direction == Direction.Received && !_hasEnded && environment.IsInputTerminal && !settings.NoStdin && !settings.KeepOpen && !channel.EndsWithPeer;
        reporter.Tell(peer with
        {
            Kind = EventKind.Ended,
            Direction = $"{direction}".ToLowerInvariant(),
            Message = isWaitedFor ? "Ctrl-D ends ours" : null,
            IsForWhoTypes = isWaitedFor,
        });
    }
}
