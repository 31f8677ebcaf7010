using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// One client of the plain-text door. Lines are read and acted on one after the other, each when the one before it is answered, so what is pasted comes
/// out as if it had been typed; only what is said goes out many at a time. What is shown is written by the hub's loop.
/// </summary>
internal sealed partial class TextClient : IChatClient, IOutboxOwner
{
    private readonly TextDoor _door;
    private readonly Connection _connection;
    private readonly StreamOutbox _outbox;
    private readonly TextLineReader _lines;
    private bool _hasName;
    private bool _isQuitting;
    private bool _isAway;

    public TextClient(TextDoor door, Connection connection)
    {
        (_door, _connection) = (door, connection);
        _outbox = new StreamOutbox(connection.Output, this, door.QueueMessagesMax, door.QueueBytesMax);
        _since = door.Time.GetTimestamp();
        _lines = new TextLineReader(door.LineBytesMax, TextDoor.EndlessLineBytesMax);
        Origin = connection.RemoteEndPoint is IPEndPoint ip ? ip.Address.ToString() : "unix";
    }

    public string Door => "text";

    public string Origin { get; }

    public bool IsPersonal => false;

    private bool IsOnUnixSocket => _connection.LocalEndPoint is UnixDomainSocketEndPoint;

    /// <summary>Serves until the client has gone or shall go.</summary>
    public async Task RunAsync()
    {
        await _door.Loop.AskAsync(new ChatInput.Arrive(this)).ConfigureAwait(false);
        try
        {
            await TalkAsync().ConfigureAwait(false);
        }
        finally
        {
            Depart();
            await _outbox.FlushAllAsync().WaitAsync(TextDoor.FarewellTimeout, _door.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync()
    {
        PipeReader input = _connection.Input;
        ITimer? greeting = GreetSoon();
        bool isGreeted = greeting is null;
        while (!_isQuitting && !_isClosing)
        {
            ReadResult read = await input.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (!isGreeted && (!bytes.IsEmpty || read.IsCanceled || read.IsCompleted))
            {
                isGreeted = true;
                await greeting!.DisposeAsync().ConfigureAwait(false);
                if (HttpRequest.IsOne(bytes))
                {
                    Write(HttpRequest.Answer(_door.PageAddress));
                    return;
                }

                Greet();
            }

            while (!_isQuitting && !_isClosing && _lines.TryRead(ref bytes, out TextInput taken))
                await TakeAsync(taken).ConfigureAwait(false);
            input.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted || _isQuitting || _isClosing)
                continue;
            if (_lines.TryEnd(out TextInput last))
                await TakeAsync(last).ConfigureAwait(false);
            await SettleAsync().ConfigureAwait(false);
            return;
        }
    }

    /// <summary>
    /// A browser speaks first, and must not be greeted: it would take the greeting for an answer. So all who may be one are given a moment.
    /// </summary>
    private ITimer? GreetSoon()
    {
        if (!IsOnUnixSocket)
            return _door.Time.CreateTimer(static input => ((PipeReader)input!).CancelPendingRead(), _connection.Input, TextDoor.GreetingDelay, Timeout.InfiniteTimeSpan);
        Greet();
        return null;
    }

    private void Greet() => Tell("* This is a Sockeye hub: a chat. What is your name?");

    private ValueTask TakeAsync(TextInput input)
    {
        switch (input.Kind)
        {
            case TextInputKind.Line:
                return TakeLineAsync(input.Text);
            case TextInputKind.NotUtf8:
                Tell("! That line is not UTF-8 and was not taken: set your terminal to UTF-8.");
                break;
            case TextInputKind.TooLong:
                Tell($"! A line has {_door.LineBytesMax} bytes at most, and this one was not taken: say it in parts.");
                break;
            case TextInputKind.Endless:
                Tell("! That line has no end: good-bye.");
                _isQuitting = true;
                break;
            case TextInputKind.Telnet:
                Write(input.Reply!);
                break;
            case TextInputKind.End:
                return QuitAsync();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask QuitAsync()
    {
        await SettleAsync().ConfigureAwait(false);
        Tell("* Good-bye.");
        _isQuitting = true;
    }

    /// <summary>Says where it has read to, and goes.</summary>
    private void Depart()
    {
        if (_hasName)
        {
            for (ConversationCursor? cursor = Volatile.Read(ref _cursors); cursor is not null; cursor = cursor.Next)
                _door.Loop.Tell(new ChatInput.MarkRead(this, cursor.Conversation.Id, cursor.Last));
        }

        _door.Loop.Tell(new ChatInput.Depart(this));
    }

    /// <summary>Writes a line for this client alone.</summary>
    private void Tell(string line) => Write(Encoding.UTF8.GetBytes(line + "\r\n"));

    private void Write(ReadOnlyMemory<byte> bytes)
    {
        _outbox.TryAdd(bytes);
        _outbox.Flush();
    }
}
