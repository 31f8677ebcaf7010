using System.IO.Pipelines;

namespace Sockeye.Cli.Services.Chat;

/// <summary>
/// One room for everybody on every address: what one sends goes to all others, line by line. Datagram senders are members once they were
/// heard from.
/// </summary>
internal sealed class ChatService : Service
{
    /// <summary>The longest line: a longer one goes in parts. With its LF it fits the longest datagram, so that all members can have it.</summary>
    public const int LineBytesMax = 65_507 - 1;

    /// <summary>The most members that are known only by their datagrams: everybody can make up senders.</summary>
    public const int DatagramMembersMax = 1000;

    /// <summary>How long a datagram member may be silent before it is forgotten, unless another time is given.</summary>
    public static readonly TimeSpan DatagramIdleDefault = TimeSpan.FromMinutes(5);

    /// <summary>Programs that send no line ends are heard too: what has begun goes when nothing follows for this long.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(200);

    /// <summary>How long who talks waits for those who are behind, before they are put out.</summary>
    private static readonly TimeSpan CatchUpPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long one who leaves has to take what was said before.</summary>
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly ChatRoom _room = new();
    private readonly DatagramMembers _datagramMembers;
    private readonly TimeProvider _time;

    /// <summary>Opens a room.</summary>
    /// <param name="time">The clock of the network.</param>
    /// <param name="datagramIdle">How long a datagram member may be silent.</param>
    /// <param name="forgotten">Told of each datagram member that was forgotten.</param>
    public ChatService(TimeProvider time, TimeSpan? datagramIdle = null, Action<DatagramMember>? forgotten = null)
    {
        _time = time;
        _datagramMembers = new DatagramMembers(_room, DatagramMembersMax, datagramIdle ?? DatagramIdleDefault, forgotten);
    }

    /// <summary>Everybody on every address.</summary>
    public ChatRoom Room => _room;

    public override Task ServeAsync(Connection connection, CancellationToken stop)
    {
        StreamMember member = new(connection, HasMessages(connection));
        return StayAsync(member, () => HasMessages(connection) ? HearMessagesAsync(connection, member, stop) : HearLinesAsync(connection, member, stop));
    }

    public override Task ServeAsync(WebSocketPeer peer, CancellationToken stop)
    {
        WebSocketMember member = new(peer);
        return StayAsync(member, () => HearMessagesAsync(peer, member, stop));
    }
    /// <summary>An empty datagram joins and says nothing.</summary>
    public override ValueTask ServeAsync(ServedDatagram datagram, CancellationToken stop)
    {
        DatagramMember? member = datagram.CanReply ? _datagramMembers.Heard(datagram.Socket, datagram.From) : null;
        if (member is null && datagram.CanReply)
            throw new InvalidOperationException($"the room is full: {DatagramMembersMax} datagram members");
        if (!datagram.Bytes.IsEmpty)
        {
            foreach (ReadOnlyMemory<byte> line in LinesOf(datagram.Bytes))
                _room.Say(member, line);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A member for as long as it is heard.</summary>
    private async Task StayAsync(QueuedMember member, Func<Task> hear)
    {
        Task writing = member.WriteAllAsync();
        _room.Join(member);
        try
        {
            await hear();
        }
        finally
        {
            _room.Leave(member);
            member.End();
            await writing.WaitAsync(GoodbyeTimeout, _time, CancellationToken.None);
        }
    }

    private async Task HearMessagesAsync(WebSocketPeer peer, WebSocketMember member, CancellationToken stop)
    {
        await foreach (WebSocketMessage message in peer.ReceivedAsync(stop))
            await SayMessageAsync(message.Bytes, member);
    }

    private async Task HearMessagesAsync(Connection connection, StreamMember member, CancellationToken stop)
    {
        await foreach (ReadOnlyMemory<byte> message in connection.ReceivedAsync(stop))
            await SayMessageAsync(message, member);
    }

    private async Task HearLinesAsync(Connection connection, StreamMember member, CancellationToken stop)
    {
        LineAssembler lines = new(LineBytesMax);
        try
        {
            bool ended = false;
            while (!ended && !stop.IsCancellationRequested)
            {
                if (await ReadAsync(connection.Input, lines.HasRest, stop) is not { } result)
                {
                    SayRest(lines, member);
                    continue;
                }

                ended = result.IsCompleted;
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    lines.Add(piece.Span).ForEach(line => _room.Say(member, line));
                connection.Input.AdvanceTo(result.Buffer.End);
                await _room.PaceAsync(member, CatchUpPatience, _time);
            }
        }
        finally
        {
            SayRest(lines, member);
        }
    }

    /// <summary>Reads; null when serving stops, or when a line has begun and nothing followed.</summary>
    private async ValueTask<ReadResult?> ReadAsync(PipeReader input, bool hasRest, CancellationToken stop)
    {
        if (!hasRest)
            return await Receiving.TryReadAsync(input, stop);
        using CancellationTokenSource quiet = new(QuietTime, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stop);
        return await Receiving.TryReadAsync(input, either.Token);
    }

    private void SayRest(LineAssembler lines, StreamMember member)
    {
        if (lines.HasRest)
            _room.Say(member, lines.TakeRest());
    }

    /// <summary>A long message goes no faster than the others can hear it.</summary>
    private async ValueTask SayMessageAsync(ReadOnlyMemory<byte> message, ChatMember member)
    {
        foreach (ReadOnlyMemory<byte> line in LinesOf(message))
        {
            _room.Say(member, line);
            await _room.PaceAsync(member, CatchUpPatience, _time);
        }
    }

    /// <summary>A message is a line, whether it has a line end or not; one that fits no datagram with its LF goes in parts, as long lines do.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> message)
    {
        message = message[..message.Span.TrimEnd("\r\n"u8).Length];
        do
        {
            int length = Utf8Parts.LengthOfFirst(message.Span, LineBytesMax);
            yield return (byte[])[.. message.Span[..length], (byte)'\n'];
            message = message[length..];
        }
        while (!message.IsEmpty);
    }
}
