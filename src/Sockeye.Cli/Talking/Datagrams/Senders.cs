using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>Who was heard, by address and by number. The one that has been quiet longest is forgotten when there are too many.</summary>
internal sealed class Senders(int countMax = Senders.CountMaxDefault)
{
    /// <summary>How many are remembered: any stranger's datagram makes one.</summary>
    public const int CountMaxDefault = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<SocketAddress, LinkedListNode<Sender>> _byAddress = [];
    private readonly Dictionary<long, Sender> _byNumber = [];
    private readonly LinkedList<Sender> _byTime = []; // the one heard last comes last
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastNumber;

    /// <summary>Completes when somebody was heard.</summary>
    public Task First => _first.Task;

    /// <summary>The one heard last.</summary>
    public Sender? Last
    {
        get
        {
            lock (_lock)
                return _byTime.Last?.Value;
        }
    }

    /// <summary>The sender of a datagram.</summary>
    /// <param name="from">Its address; a copy is kept.</param>
    /// <param name="name">What it is called, if it is new.</param>
    /// <param name="isNew">Whether it was not known.</param>
    public Sender Hear(SocketAddress from, Func<string> name, out bool isNew)
    {
        lock (_lock)
        {
            isNew = !_byAddress.TryGetValue(from, out LinkedListNode<Sender>? node);
            if (node is null)
                node = Add(new Sender(++_lastNumber, Copy(from), name()));
            else
                _byTime.Remove(node);
            _byTime.AddLast(node);
            _first.TrySetResult();
            return node.Value;
        }
    }

    public bool TryFind(long number, [NotNullWhen(true)] out Sender? sender)
    {
        lock (_lock)
            return _byNumber.TryGetValue(number, out sender);
    }

    private LinkedListNode<Sender> Add(Sender sender)
    {
        if (_byAddress.Count >= countMax && _byTime.First is { } quietest)
        {
            _byTime.Remove(quietest);
            _byAddress.Remove(quietest.Value.Address);
            _byNumber.Remove(quietest.Value.Number);
        }

        LinkedListNode<Sender> node = new(sender);
        _byAddress.Add(sender.Address, node);
        _byNumber.Add(sender.Number, sender);
        return node;
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        SocketAddress copy = new(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
