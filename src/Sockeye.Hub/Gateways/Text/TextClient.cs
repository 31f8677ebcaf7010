using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// One client of the plain-text door. Lines are read and acted on one after the other, each when the one before it is answered, so what is pasted comes
/// out as if it had been typed; only what is said goes out many at a time. What is shown is written by the hub's loop.
/// </summary>
[SuppressMessage("Design", "MA0064", Justification = "A lock of its own would cost 40 bytes a client; nobody else locks a client.")]
internal sealed partial class TextClient : IChatClient, IOutboxOwner
{
    private readonly TextDoor _door;
    private readonly Connection _connection;
    private readonly StreamOutbox _outbox;
    private readonly TextLineReader _lines;
    private long _markedRead;
    private bool _hasName;
    private bool _isQuitting;
    private bool _isAway;
    private bool _isDamageTold;

    /// <summary>Whether something came that was not said, because the hub is closing.</summary>
    private bool _hasLeftOut;

    public TextClient(TextDoor door, Connection connection)
    {
        (_door, _connection) = (door, connection);
        _outbox = new StreamOutbox(connection.Output, this, door.Outboxes);
        _lines = new TextLineReader(door.LineBytesMax, door.Limits.EndlessLineBytesMax);
        Origin = OriginOf(connection);
        Host = connection.RemoteEndPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } remote ? AddressKeys.HostOf(remote) : Origin;
        _arrived = _markedRead = door.Time.GetTimestamp();
        _day = door.Dialects.DayOf(door.Time.GetUtcNow());
    }

    public string Door => "text";

    public string Origin { get; }

    public string Host { get; }

    public bool IsPersonal => false;

    /// <summary>Serves until the client has gone or shall go.</summary>
    public async Task RunAsync()
    {
        await _door.Loop.AskAsync(new ChatInput.Arrive(this)).ConfigureAwait(false);
        try
        {
            Arrive();

            // What was read is no variable of this method's: it would keep the reader's buffer for as long as it waits for more.
            while (await TakeAsync(await _connection.Input.ReadAsync().ConfigureAwait(false)).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            _alarm?.Dispose();
            await SayFarewellAsync().ConfigureAwait(false);
            Depart();
        }
    }

    /// <summary>Says so and goes; for who is not to be served.</summary>
    public static async Task RefuseAsync(Connection connection, TextDoor door, string why)
    {
        using CancellationTokenSource stop = new(door.Limits.FarewellTimeout, door.Time);
        await connection.Output.WriteAsync(Encoding.UTF8.GetBytes($"! {why}\r\n"), stop.Token).ConfigureAwait(false);
    }

    /// <summary>Writes what waits. As the hub closes, the client learns first what has become of the last that it said: silence would mean that it was kept.</summary>
    private async ValueTask SayFarewellAsync()
    {
        using CancellationTokenSource end = new(_door.Limits.FarewellTimeout, _door.Time);
        if (_isClosed)
        {
            await AllAnswered().WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Volatile.Read(ref _unanswered) is > 0 and int count)
                _outbox.AddLast(Encoding.UTF8.GetBytes($"! {count} of your last lines may not have been kept: look when the hub is back.\r\n"));
            if (_hasLeftOut)
                _outbox.AddLast("! The last of what you sent was not taken any more: say it again when the hub is back.\r\n"u8.ToArray());
        }

        await _outbox.FlushAllAsync().WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <returns>False: nothing more is to be read.</returns>
    private async ValueTask<bool> TakeAsync(ReadResult read)
    {
        if (IsNamelessTooLong())
        {
            Tell("! No name has come: good-bye. Come again when you have one.");
            return false;
        }

        if (!_isGreeted)
        {
            Meeting meeting = Meet(read);
            if (meeting == Meeting.Undecided)
                _connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (meeting != Meeting.Person)
                return meeting == Meeting.Undecided;
        }

        await TakeAsync(read.Buffer).ConfigureAwait(false);
        _connection.Input.AdvanceTo(read.Buffer.End);
        if (_isQuitting || _isClosing)
            return false;
        if (!read.IsCompleted)
            return true;
        if (_lines.TryEnd(out TextInput last))
            await TakeAsync(last).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
        return false;
    }

    private async ValueTask TakeAsync(ReadOnlySequence<byte> bytes)
    {
        bool isEnding = false;
        while (!_isQuitting && !_isClosing && _lines.TryRead(ref bytes, out TextInput taken))
        {
            // A telnet that has sent an interrupt shows nothing until what it asked for with it is answered (RFC 860): so that comes before the good-bye.
            if (taken.Kind == TextInputKind.End && _prompt is null)
                isEnding = true;
            else if (!isEnding || taken.Kind == TextInputKind.Telnet)
                await TakeAsync(taken).ConfigureAwait(false);
        }

        _hasLeftOut |= _isClosed && !bytes.IsEmpty;
        if (isEnding && !_isQuitting)
            await QuitAsync().ConfigureAwait(false);
    }

    private ValueTask TakeAsync(TextInput input)
    {
        switch (input.Kind)
        {
            case TextInputKind.Line:
                TellOfDamage(input);
                return TakeLineAsync(input.Text);
            case TextInputKind.TooLong:
                Tell($"! A line has {_door.LineBytesMax} bytes at most, and this one was not taken: say it in parts.");
                _isQuitting = !_hasName;
                break;
            case TextInputKind.Endless:
                Tell("! This has no end: good-bye.");
                _isQuitting = true;
                break;
            case TextInputKind.Telnet:
                Write(input.Reply!);
                break;
            case TextInputKind.End when _prompt is not null:
                EndPrompt();
                return AskAgain();
        }

        return ValueTask.CompletedTask;
    }

    private void TellOfDamage(TextInput input)
    {
        if (!input.IsDamaged || _isDamageTold)
            return;
        _isDamageTold = true;
        Tell("! Some of that line is not UTF-8, and others see \ufffd there: set your terminal to UTF-8.");
    }

    private async ValueTask QuitAsync()
    {
        await SettleAsync().ConfigureAwait(false);
        Tell(PlainTexts.GoodBye);
        _isQuitting = true;
    }

    /// <summary>Says where it has read to, and goes. What the network never took was not read.</summary>
    private void Depart()
    {
        MarkRead();
        _door.Loop.Tell(new ChatInput.Depart(this));
    }

    private void MarkRead()
    {
        _markedRead = _door.Time.GetTimestamp();
        for (ConversationCursor? cursor = Volatile.Read(ref _cursors); cursor is not null && _hasName; cursor = cursor.Next)
        {
            // In this order: what is shown in the meantime may not be sent yet.
            long last = cursor.Last;
            _door.Loop.Tell(new ChatInput.MarkRead(this, cursor.Conversation.Id, _outbox.IsEmpty ? last : cursor.Sent));
        }
    }

    /// <summary>Writes a line for this client alone.</summary>
    private void Tell(string line) => Write(Encoding.UTF8.GetBytes(line + "\r\n"));

    private void Write(byte[] bytes)
    {
        _outbox.TryAdd(bytes);
        _outbox.Flush();
    }

    /// <summary>The host of an address, or the user of a Unix socket where the system tells.</summary>
    private static string OriginOf(Connection connection)
    {
        if (connection.RemoteEndPoint is IPEndPoint ip)
            return ip.Address.ToString();
        try
        {
            return connection.Socket is { } socket ? $"unix:{socket.PeerCredentials.UserId}" : "unix";
        }
        catch (Exception e) when (e is PlatformNotSupportedException or SocketException or ObjectDisposedException)
        {
            return "unix";
        }
    }
}
