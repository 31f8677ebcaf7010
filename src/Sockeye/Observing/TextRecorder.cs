using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
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
/// <para>Any thread may report; each line is one call of the writer, one after another, so a slow writer slows the sockets. A writer that throws
/// never disturbs a socket: the line is lost and counted in <see cref="Dropped"/>. The writer remains the caller's and is not flushed.</para>
/// </remarks>
public sealed class TextRecorder : SocketObserver
{
    private const int LineCapacity = 256;
    private const int SecondsWidth = 11;
    private const int SecondsLengthMax = 32;

    private readonly TextWriter _writer;
    private readonly TimeProvider _time;
    private readonly TextRecorderOptions _options;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly StringBuilder _line;

    // Weak: a number lives as long as its socket, also for what comes after the close.
    private readonly ConditionalWeakTable<NetworkSocket, object> _numbers = [];
    private int _lastNumber;
    private long _dropped;

    /// <summary>Makes a recorder.</summary>
    /// <param name="writer">Where the lines go.</param>
    /// <param name="timeProvider">The clock of the first column; null for the system's.</param>
    /// <param name="options">How to write; null for text cut at <see cref="TextRecorderOptions.DataWidthMaxDefault"/> characters.</param>
    public TextRecorder(TextWriter writer, TimeProvider? timeProvider = null, TextRecorderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _time = timeProvider ?? TimeProvider.System;
        _options = options ?? TextRecorderOptions.Default;
        _start = _time.GetTimestamp();
        _line = new StringBuilder(LineCapacity + _options.DataWidthMax);
    }

    /// <summary>How many lines were lost because the writer threw, or because writing one caused another.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <inheritdoc/>
    public override void Opened(NetworkSocket socket) =>
        Record(socket, "--", socket, static (line, socket) => line.Append("opened ").Append(SocketKinds.Describe(socket.AddressFamily, socket.SocketType)));

    /// <inheritdoc/>
    public override void Bound(NetworkSocket socket, EndPoint local) =>
        Record(socket, "--", (socket, local), static (line, state) => line.Append("bound to ").Append(Name(state.socket, state.local)));

    /// <inheritdoc/>
    public override void Listening(NetworkSocket socket) => Record(socket, "--", 0, static (line, _) => line.Append("listening"));

    /// <inheritdoc/>
    public override void Accepted(NetworkSocket listener, NetworkSocket accepted) =>
        Record(listener, "<-", (recorder: this, accepted), static (line, state) =>
        {
            line.Append($"accepted #{state.recorder.Number(state.accepted)}");
            if (state.accepted.RemoteEndPoint is { } peer)
                line.Append(" from ").Append(Name(state.accepted, peer));
        });

    /// <inheritdoc/>
    public override void Connecting(NetworkSocket socket, EndPoint remote) =>
        Record(socket, "->", (socket, remote), static (line, state) => line.Append("connecting to ").Append(Name(state.socket, state.remote)));

    /// <inheritdoc/>
    public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake) =>
        Record(socket, "<-", (socket, remote, handshake), static (line, state) =>
            line.Append("connected to ").Append(Name(state.socket, state.remote)).Append($" in {state.handshake.TotalMilliseconds:F3} ms"));

    /// <inheritdoc/>
    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => RecordData(socket, "->", "sent", "to", data, remote);

    /// <inheritdoc/>
    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) =>
        RecordData(socket, "<-", "received", "from", data, remote);

    /// <inheritdoc/>
    public override void Frame(NetworkSocket socket, long length) => Record(socket, "<-", length, static (line, length) => line.Append($"frame {length}"));

    /// <inheritdoc/>
    public override void HalfClosed(NetworkSocket socket, bool byPeer) =>
        Record(socket, byPeer ? "<-" : "->", byPeer, static (line, byPeer) => line.Append(byPeer ? "half-closed by peer" : "half-closed by us"));

    /// <inheritdoc/>
    public override void Reset(NetworkSocket socket) => Record(socket, "<-", 0, static (line, _) => line.Append("reset by peer"));

    /// <inheritdoc/>
    public override void Error(NetworkSocket socket, SocketError error) =>
        Record(socket, "--", error, static (line, error) => line.Append($"error {error}: {SocketErrors.Reason(error)}"));

    /// <inheritdoc/>
    public override void Closed(NetworkSocket socket, bool aborted) =>
        Record(socket, "--", (socket, aborted), static (line, state) =>
            line.Append($"{(state.aborted ? "aborted" : "closed")}: {state.socket.BytesSent} sent, {state.socket.BytesReceived} received"));

    private void Record<T>(NetworkSocket socket, string direction, T state, Action<StringBuilder, T> write)
    {
        if (!Enter())
            return;
        try
        {
            Begin(socket, direction);
            write(_line, state);
            End();
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _dropped);
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void RecordData(NetworkSocket socket, string direction, string verb, string preposition, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        if (!Enter())
            return;
        try
        {
            Begin(socket, direction);
            _line.Append(verb).Append(' ').Append(data.Length);
            if (remote is not null)
                _line.Append(' ').Append(preposition).Append(' ').Append(Name(socket, remote));
            AppendData(data);
            End();
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _dropped);
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>False, and one line less, where writing a line causes an event: the writer's own socket is recorded.</summary>
    private bool Enter()
    {
        if (_lock.IsHeldByCurrentThread)
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }

        _lock.Enter();
        return true;
    }

    private void Begin(NetworkSocket socket, string direction)
    {
        Span<char> seconds = stackalloc char[SecondsLengthMax];
        _time.GetElapsedTime(_start).TotalSeconds.TryFormat(seconds, out int length, "F6");
        _line.Clear().Append(' ', Math.Max(0, SecondsWidth - length)).Append(seconds[..length]).Append(" #").Append(Number(socket)).Append(' ').Append(direction).Append(' ');
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

    private void AppendData(ReadOnlySpan<byte> data)
    {
        if (_options.DataWidthMax == 0 || data.Length == 0)
            return;
        _line.Append(' ');
        if (_options.Hex)
            ByteText.AppendHex(_line, data, _options.DataWidthMax);
        else
            ByteText.AppendQuoted(_line, data, _options.DataWidthMax);
    }

    private int Number(NetworkSocket socket)
    {
        if (_numbers.TryGetValue(socket, out object? number))
            return (int)number;
        _numbers.Add(socket, ++_lastNumber);
        return _lastNumber;
    }

    private static string Name(NetworkSocket socket, SocketAddress address) =>
        EndPoints.TryFromAddress(address) is { } endPoint ? Name(socket, endPoint) : "nobody";

    private static string Name(NetworkSocket socket, EndPoint endPoint)
    {
        try
        {
            return SocketErrors.Describe(EndPoints.Unmap(endPoint), socket.SocketType, socket.ProtocolType)!;
        }
        catch (ArgumentException)
        {
            return Display.Quote(endPoint.ToString() ?? "");
        }
    }
}
