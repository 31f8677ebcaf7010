using System.Net;

namespace Sockeye.Interop.Tests.Library;

/// <summary>
/// Counts the records that are as long as an encrypted KeyUpdate: five bytes of message, one of type and sixteen of tag (RFC 8446, sections 4.6.3 and 5.2).
/// </summary>
internal sealed class KeyUpdates : SocketObserver
{
    private const int KeyUpdateLength = 5 + 1 + 16;
    private const int HeaderLength = 5;

    private readonly Lock _lock = new();
    private readonly Records _sent = new();
    private readonly Records _received = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int SentCount
    {
        get
        {
            lock (_lock)
                return _sent.Count;
        }
    }

    public int ReceivedCount
    {
        get
        {
            lock (_lock)
                return _received.Count;
        }
    }

    /// <summary>Ends with the next that comes.</summary>
    public Task NextAsync()
    {
        lock (_lock)
            return (_next = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        lock (_lock)
            _sent.Take(data);
    }

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        lock (_lock)
        {
            if (_received.Take(data))
                _next.TrySetResult();
        }
    }

    /// <summary>Records of one direction, however their bytes come.</summary>
    private sealed class Records
    {
        private readonly byte[] _header = new byte[HeaderLength];
        private int _headerCount;
        private int _left;

        public int Count { get; private set; }

        /// <summary>Whether the header of a KeyUpdate was among them.</summary>
        public bool Take(ReadOnlySpan<byte> data)
        {
            int before = Count;
            while (!data.IsEmpty)
            {
                if (_left > 0)
                {
                    int skipped = Math.Min(_left, data.Length);
                    _left -= skipped;
                    data = data[skipped..];
                    continue;
                }

                _header[_headerCount++] = data[0];
                data = data[1..];
                if (_headerCount < HeaderLength)
                    continue;
                _headerCount = 0;
                _left = (_header[3] << 8) | _header[4];
                Count += _left == KeyUpdateLength ? 1 : 0;
            }

            return Count > before;
        }
    }
}
