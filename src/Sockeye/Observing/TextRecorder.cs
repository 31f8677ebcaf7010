using System.Globalization;
using System.Net;
using System.Text;

namespace Sockeye;

/// <summary>
/// Writes a line for every event: seconds since the recorder was made, the socket's number, a direction (<c>-&gt;</c> what leaves,
/// <c>&lt;-</c> what comes, <c>--</c> neither), what happened, how many bytes, and the bytes:
/// <c>0.004000 #2 -&gt; sent 6 "hello\n"</c>.
/// </summary>
/// <remarks>
/// <para>Sockets are numbered from 1 in the order they are first seen. Nothing raw reaches the writer: control characters, invisible ones and
/// malformed UTF-8 come as escapes.</para>
/// <para>Any thread may report; lines are written beside the sockets, one after another, each with one call of the writer. A writer that throws, or is too slow,
/// loses lines and never disturbs a socket; they are counted in <see cref="SocketRecorder.Dropped"/>. The writer remains the caller's; it is flushed when nothing more waits.</para>
/// </remarks>
public sealed class TextRecorder : SocketRecorder
{
    private const int LineCapacity = 256;
    private const int SecondsWidth = 11;
    private const int SecondsLengthMax = 32;

    private readonly TextWriter _writer;
    private readonly TextRecorderOptions _options;
    private readonly StringBuilder _line;

    /// <summary>Makes a recorder.</summary>
    /// <param name="writer">Where the lines go.</param>
    /// <param name="timeProvider">The clock of the first column; null for the system's.</param>
    /// <param name="options">How to write; null for text cut at <see cref="TextRecorderOptions.DataWidthMaxDefault"/> characters.</param>
    public TextRecorder(TextWriter writer, TimeProvider? timeProvider = null, TextRecorderOptions? options = null)
        : base(timeProvider, options ??= TextRecorderOptions.Default, (options.DataWidthMax + 1) * ByteText.CharacterBytesMax)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _options = options;
        _line = new StringBuilder(LineCapacity + _options.DataWidthMax);
    }

    /// <inheritdoc/>
    protected override void Record(SocketEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (Direction(happened) is not { } direction)
            return;
        Begin(happened, direction);
        Describe(happened);
        End();
    }

    /// <inheritdoc/>
    protected override void Flush() => _writer.Flush();

    /// <summary>Null: what is not told of.</summary>
    private static string? Direction(SocketEvent happened) => happened.Kind switch
    {
        SocketEventKind.Sent or SocketEventKind.Encrypting or SocketEventKind.Connecting => "->",
        SocketEventKind.Received or SocketEventKind.Decrypted or SocketEventKind.Connected or SocketEventKind.Accepted or SocketEventKind.Frame or SocketEventKind.Reset => "<-",
        SocketEventKind.HalfClosed => happened.ByPeer ? "<-" : "->",
        SocketEventKind.Handshaking => null,
        _ => "--",
    };

    private void Describe(SocketEvent happened)
    {
        NetworkSocket socket = happened.Socket;
        switch (happened.Kind)
        {
            case SocketEventKind.Opened:
                _line.Append("opened ").Append(SocketKinds.Describe(socket.AddressFamily, socket.SocketType));
                break;
            case SocketEventKind.Joined:
                _line.Append($"opened for #{NumberOf(happened.OnBehalfOf!)}");
                break;
            case SocketEventKind.Bound:
                _line.Append("bound to ").Append(Name(socket, happened.Local!));
                break;
            case SocketEventKind.Listening:
                _line.Append("listening");
                break;
            case SocketEventKind.Accepted:
                _line.Append($"accepted #{NumberOf(happened.AcceptedSocket!)}").Append(Named(" from ", socket, happened.Remote));
                break;
            case SocketEventKind.Connecting:
                _line.Append("connecting to ").Append(Name(socket, happened.Remote!));
                break;
            case SocketEventKind.Connected:
                _line.Append("connected to ").Append(Name(socket, happened.Remote!)).Append($" in {happened.Handshake.TotalMilliseconds:F3} ms");
                break;
            case SocketEventKind.Handshaken:
                _line.Append(Describe(happened.Layer!)).Append($" in {happened.Handshake.TotalMilliseconds:F3} ms");
                break;
            case SocketEventKind.Sent:
                DescribeData("sent", happened, " to ");
                break;
            case SocketEventKind.Received:
                DescribeData("received", happened, " from ");
                break;
            case SocketEventKind.Encrypting:
                DescribeData("encrypting", happened, "");
                break;
            case SocketEventKind.Decrypted:
                DescribeData("decrypted", happened, "");
                break;
            case SocketEventKind.Frame:
                _line.Append($"frame {happened.FrameLength}");
                break;
            case SocketEventKind.HalfClosed:
                _line.Append(happened.ByPeer ? "half-closed by peer" : "half-closed by us");
                break;
            case SocketEventKind.Reset:
                _line.Append("reset by peer");
                break;
            case SocketEventKind.Error:
                _line.Append($"error {happened.Error}: {SocketErrors.Reason(happened.Error)}");
                break;
            case SocketEventKind.Faulted:
                _line.Append(happened.Fault);
                break;
            case SocketEventKind.Closed:
                _line.Append($"{(happened.Aborted ? "aborted" : "closed")}: {socket.BytesSent} sent, {socket.BytesReceived} received");
                break;
        }
    }

    private void DescribeData(string verb, SocketEvent happened, string preposition)
    {
        _line.Append(verb).Append(' ').Append(happened.Length).Append(happened.IsFromNobody ? " from nobody" : Named(preposition, happened.Socket, happened.Remote));
        if (happened.Data.IsEmpty || _options.DataWidthMax == 0)
            return;
        _line.Append(' ');
        if (_options.Hex)
            ByteText.AppendHex(_line, happened.Data.Span, _options.DataWidthMax);
        else
            ByteText.AppendQuoted(_line, happened.Data.Span, _options.DataWidthMax);
    }

    private void Begin(SocketEvent happened, string direction)
    {
        Span<char> seconds = stackalloc char[SecondsLengthMax];
        (happened.Time - StartedAt).TotalSeconds.TryFormat(seconds, out int length, "F6", CultureInfo.InvariantCulture);
        _line.Clear().Append(' ', Math.Max(0, SecondsWidth - length)).Append(seconds[..length]).Append(" #").Append(happened.Number).Append(' ').Append(direction).Append(' ');
    }

    private void End()
    {
        _line.Append('\n');
        foreach (ReadOnlyMemory<char> chunk in _line.GetChunks())
        {
            if (chunk.Length == _line.Length)
            {
                _writer.Write(chunk.Span);
                return;
            }
        }

        _writer.Write(_line.ToString());
    }

    private static string Describe(Connection layer) => layer switch
    {
        TlsConnection tls => $"TLS {ConversationWords.Version(tls)}{(tls.ApplicationProtocol is { Length: > 0 } protocol ? $", {protocol}" : "")}, has shaken hands",
        _ => "WebSocket has shaken hands",
    };

    private static string Named(string preposition, NetworkSocket socket, EndPoint? endPoint) => endPoint is null ? "" : preposition + Name(socket, endPoint);

    private static string Name(NetworkSocket socket, EndPoint endPoint) => ConversationWords.Name(endPoint, socket.SocketType, socket.ProtocolType);
}
