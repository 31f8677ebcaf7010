using System.Net;

namespace Sockeye;

/// <summary>
/// Records sockets for Wireshark: pcapng with packets made from what each socket did, one flow a socket. The link type is RAW, times are in nanoseconds, the interface is called
/// synthetic. TCP has its handshake, sequence numbers that are positions in the stream, and FIN or RST as it was; Unix sockets have made-up
/// addresses, and what no packet shows is in comments.
/// </summary>
/// <remarks>
/// Bytes that a queue had no room for are a gap in the sequence numbers. A target that takes no more never stops a socket: packets are lost and counted in
/// <see cref="LostPackets"/>, it is tried again, and what is written then is a new section. What was written up to the last flush is a whole file.
/// </remarks>
public sealed class PcapngRecorder : SocketRecorder
{
    private readonly PcapngOutput _output;
    private readonly SocketFlows _flows;
    private readonly KeyLogReader? _keyLog;
    private readonly ResolvedNames _names = new();
    private readonly PcapngRecorderOptions _options;
    private long _toldDropped;
    private int _isDisposed;

    /// <summary>Records into a file, which is made for its owner only; one that is there is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="timeProvider">The clock of the packets; null for the system's.</param>
    /// <exception cref="IOException">The file cannot be made; the message names it.</exception>
    /// <exception cref="InvalidOperationException">TLS is to be recorded encrypted, and there was a handshake already: see <see cref="TlsKeyLog.Enable"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">TLS is to be recorded encrypted, and this is not Linux.</exception>
    public PcapngRecorder(string path, PcapngRecorderOptions? options = null, TimeProvider? timeProvider = null)
        : this(options ?? PcapngRecorderOptions.Default, timeProvider, options => new PcapngFileTarget(path, options.FileBytesMax, options.FilesMax))
    {
    }

    /// <summary>Records into a stream, which remains the caller's: it is flushed, and not closed.</summary>
    /// <param name="stream">The stream. Where it cannot seek, nothing follows a write that failed.</param>
    /// <param name="options">How; null for the defaults. A stream has no further files.</param>
    /// <param name="timeProvider">The clock of the packets; null for the system's.</param>
    /// <exception cref="InvalidOperationException">As in <see cref="PcapngRecorder(string, PcapngRecorderOptions?, TimeProvider?)"/>.</exception>
    /// <exception cref="PlatformNotSupportedException">Likewise.</exception>
    public PcapngRecorder(Stream stream, PcapngRecorderOptions? options = null, TimeProvider? timeProvider = null)
        : this(options ?? PcapngRecorderOptions.Default, timeProvider, _ => new PcapngStreamTarget(stream ?? throw new ArgumentNullException(nameof(stream))))
    {
    }

    private PcapngRecorder(PcapngRecorderOptions options, TimeProvider? timeProvider, Func<PcapngRecorderOptions, PcapngTarget> open)
        : base(timeProvider, options)
    {
        _options = options;
        bool keepEncrypted = options.Tls == PcapngTls.Encrypted;
        _keyLog = keepEncrypted ? new KeyLogReader(TlsKeyLog.EnableForRecording()) : null;
        _output = new PcapngOutput(open(options), _keyLog is null ? null : _keyLog.ReadLines, Fail);
        _flows = new SocketFlows(_output, keepEncrypted);
    }

    /// <summary>How many packets could not be written.</summary>
    public long LostPackets => _output.Lost;

    /// <summary>Why the last write has failed; null: it has succeeded.</summary>
    public Exception? Failure => _output.Failure;

    /// <inheritdoc/>
    public override void Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed) => _names.Add(address, endPoints, elapsed);

    /// <summary>Takes no more events, writes those that were taken and the end of the recording, and closes the file.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        _output.Dropped = Dropped;
        _output.Dispose();
        _keyLog?.Dispose();
    }

    /// <inheritdoc/>
    protected override void Record(SocketEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        string? comment = happened.Kind == SocketEventKind.Connecting ? _names.Take(happened.Remote!) : null;
        long dropped = Dropped;
        if (dropped != _toldDropped)
        {
            comment = FlowComments.Dropped(dropped - _toldDropped);
            _output.Dropped = _toldDropped = dropped;
        }

        _flows.Show(happened, NumberOf, comment);
    }

    /// <inheritdoc/>
    protected override void Flush() => _output.Flush();

    private void Fail(Exception error) => _options.WriteFailed?.Invoke(error);
}
