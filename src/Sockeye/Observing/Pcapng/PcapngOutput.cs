using System.Buffers;

namespace Sockeye;

/// <summary>
/// Gathers blocks and writes them, whole ones only. A target that takes no more costs packets, which are counted, and never an exception: it is tried again
/// after a while, and what is written then is a new section.
/// </summary>
/// <param name="target">Where they go; it is this one's.</param>
/// <param name="secrets">Gives the secrets of TLS that came since it was last asked; null: there are none.</param>
/// <param name="failed">Is told when writing begins to fail.</param>
internal sealed class PcapngOutput(PcapngTarget target, Func<ReadOnlySpan<byte>>? secrets, Action<Exception> failed) : IPacketSink, IDisposable
{
    /// <summary>So much is gathered before it is written, unless <see cref="Flush"/> comes earlier.</summary>
    public const int BufferBytes = 256 * 1024;

    /// <summary>After a failure the next try is not before this, by the packets' time.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private const int BlockOverhead = 256;
    private const int LossesMax = 1024;
    private const string Application = "Sockeye";
    private const string InterfaceName = "synthetic";
    private const string InterfaceDescription = "Synthetic packets, made by Sockeye from what sockets did; no interface was captured";

    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes);
    private readonly List<(long From, long To)> _losses = [];
    private bool _hasBegun;
    private bool _isFailing;
    private bool _mustRotate;
    private Exception? _failure;
    private DateTimeOffset _failedAt;
    private DateTimeOffset _now;
    private long _next;
    private long _written;
    private long _fileStart;
    private long _lost;

    /// <summary>How many packets could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>How many events never came here.</summary>
    public long Dropped { get; set; }

    /// <summary>Why the last write has failed; null: it has succeeded.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    private PcapngWriter Blocks => field ??= new PcapngWriter(_buffer);

    /// <inheritdoc/>
    public bool MakeRoom(DateTimeOffset time, int bytes)
    {
        _now = time;
        if (_isFailing && _now - _failedAt >= RetryAfter)
            Resume();
        if (_hasBegun && !_isFailing && _next > _fileStart && target.IsFullWith(_buffer.WrittenCount + bytes))
            Rotate();
        return !_isFailing;
    }

    /// <inheritdoc/>
    public long Write(in SyntheticPacket packet)
    {
        if (_buffer.WrittenCount + packet.Bytes.Length + BlockOverhead > BufferBytes)
            Flush();
        if (_isFailing)
            return Lose();
        Begin();
        Blocks.WritePacket(packet);
        return _next++;
    }

    /// <inheritdoc/>
    public void WriteSecrets()
    {
        if (secrets is null || _isFailing)
            return;
        ReadOnlySpan<byte> lines = secrets();
        if (lines.IsEmpty)
            return;
        Begin();
        Blocks.WriteSecrets(lines);
    }

    /// <inheritdoc/>
    public bool Holds(long number) => number >= _fileStart && !_losses.Exists(loss => number >= loss.From && number < loss.To);

    /// <summary>Writes what is gathered.</summary>
    public void Flush()
    {
        if (_isFailing)
            return;
        Begin();
        WriteOut();
    }

    /// <summary>Writes the end of the recording.</summary>
    public void Dispose()
    {
        if (_isFailing)
            Resume();
        if (!_isFailing)
        {
            Begin();
            Blocks.WriteStatistics(_now, _next, Dropped + _lost);
            WriteOut();
        }

        Guard(target.Dispose);
    }

    /// <summary>A file and a section begin with what the blocks behind it need.</summary>
    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        Blocks.WriteSection(Application);
        Blocks.WriteInterface(InterfaceName, InterfaceDescription);
    }

    private void WriteOut()
    {
        if (_buffer.WrittenCount == 0)
            return;
        if (Guard(() => target.Write(_buffer.WrittenSpan)))
            Succeed();
        else
            Lose(_written, _next);
        _buffer.ResetWrittenCount();
    }

    private void Succeed()
    {
        _written = _next;
        Volatile.Write(ref _failure, null);
    }

    private void Rotate()
    {
        Blocks.WriteStatistics(_now, _next, Dropped + _lost);
        WriteOut();
        _mustRotate = true;
        if (!_isFailing)
            Renew();
    }

    /// <summary>Begins the next file. Until that has succeeded nothing is written.</summary>
    private bool Renew()
    {
        if (!Guard(target.Rotate))
            return false;
        _mustRotate = false;
        _fileStart = _next;
        _losses.Clear();
        _hasBegun = false;
        return true;
    }

    /// <summary>A new section: what stands before it may end anywhere between two blocks.</summary>
    private void Resume()
    {
        _isFailing = false;
        _hasBegun = false;
        _written = _next;
        if (_mustRotate && !Renew())
            return;
        Begin();
        Blocks.WriteStatistics(_now, _next, Dropped + _lost);
        WriteOut();
    }

    private bool Guard(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            bool isNew = _failure is null;
            (_isFailing, _failedAt) = (true, _now);
            Volatile.Write(ref _failure, e);
            if (isNew)
                failed(e);
            return false;
        }
    }

    private long Lose()
    {
        Lose(_next, _next + 1);
        return _next++;
    }

    private void Lose(long from, long to)
    {
        _written = to;
        if (from == to)
            return;
        Interlocked.Add(ref _lost, to - from);
        if (_losses.Count > 0 && _losses[^1].To == from)
            _losses[^1] = (_losses[^1].From, to);
        else
            _losses.Add((from, to));

        // Two that are one take some packets between them along: their flows begin anew.
        if (_losses.Count > LossesMax)
        {
            _losses[1] = (_losses[0].From, _losses[1].To);
            _losses.RemoveAt(0);
        }
    }
}
