using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways.Text;

/// <content>Who has just connected: a person, a browser, or somebody who never says a name.</content>
internal sealed partial class TextClient
{
    /// <summary>The first byte of TLS (RFC 8446, 5.1): a handshake record.</summary>
    private const byte TlsHandshake = 22;

    private readonly long _arrived;

    /// <summary>Wakes the reading when it is time to greet, and when a name should have come; null after that.</summary>
    private ITimer? _alarm;
    private bool _isGreeted;
    private bool _hasSpoken;

    /// <summary>What the first bytes tell.</summary>
    private enum Meeting : byte
    {
        /// <summary>It may be a browser yet.</summary>
        Undecided,

        /// <summary>It is somebody to talk to.</summary>
        Person,

        /// <summary>It is not, and was told so.</summary>
        Over,
    }

    /// <summary>
    /// A browser speaks first, and must not be greeted: it would take the greeting for an answer. So all who may be one are given a moment.
    /// </summary>
    private void Arrive()
    {
        bool mayBeBrowser = _connection.RemoteEndPoint is IPEndPoint;
        _alarm = _door.Time.CreateTimer(
            static input => ((PipeReader)input!).CancelPendingRead(), _connection.Input,
            mayBeBrowser ? _door.Limits.GreetingDelay : _door.Limits.NamelessTimeout, Timeout.InfiniteTimeSpan);
        if (!mayBeBrowser)
            Greet();
        else if (_connection.Socket is { } socket)
            TryPrepare(socket);
    }

    private Meeting Meet(ReadResult read)
    {
        ReadOnlySequence<byte> bytes = read.Buffer;
        if (HttpRequest.Read(bytes) is { } request)
        {
            Write(request.Answer(_door.PageAddressAt(_connection.LocalEndPoint), _door.Time.GetUtcNow()));
            return Meeting.Over;
        }

        if (!bytes.IsEmpty && bytes.FirstSpan[0] == TlsHandshake)
        {
            Tell("! This is plain text without TLS: connect without it.");
            return Meeting.Over;
        }

        if (!read.IsCanceled && !read.IsCompleted && !bytes.IsEmpty && HttpRequest.MayBecomeOne(bytes))
            return Meeting.Undecided;
        Greet();
        return Meeting.Person;
    }

    private void Greet()
    {
        _isGreeted = true;
        _alarm?.Change(_door.Limits.NamelessTimeout, Timeout.InfiniteTimeSpan);
        Tell("* Welcome. This is a Sockeye hub, where people chat.");
        AskForName();
    }

    private void AskForName() => Tell("* What is your name?");

    private bool IsNamelessTooLong() => !_hasName && _door.Time.GetElapsedTime(_arrived) >= _door.Limits.NamelessTimeout;

    private void HasName()
    {
        _hasName = true;
        _alarm?.Dispose();
        _alarm = null;
    }

    /// <summary>
    /// Peers that vanish without a word are found out, and telnet's urgent byte stays where it belongs in the stream (RFC 854, the synch).
    /// </summary>
    private void TryPrepare(NetworkSocket socket)
    {
        try
        {
            socket.OutOfBandInline = true;
            socket.KeepAlive = true;
            socket.KeepAliveTime = _door.Limits.KeepAliveTime;
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException or ObjectDisposedException)
        {
            // It does without: it is only found later to be gone, which reading or writing will tell.
        }
    }
}
