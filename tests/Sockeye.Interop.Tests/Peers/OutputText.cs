using System.Text;

namespace Sockeye.Interop.Tests.Peers;

/// <summary>What a program has printed so far, and a place in it up to which a test has read.</summary>
internal sealed class OutputText
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _position;
    private bool _ended;

    public string All
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    /// <summary>Collects a program's output until it ends.</summary>
    public async Task CollectAsync(TextReader reader)
    {
        char[] buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
            Change(() => _text.Append(buffer, 0, count));
        Change(() => _ended = true);
    }

    /// <summary>Waits for a text behind what was read before, and reads up to its end; null when the output ended without it.</summary>
    public async Task<string?> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                string unread = _text.ToString(_position, _text.Length - _position);
                int index = unread.IndexOf(wanted, StringComparison.Ordinal);
                if (index >= 0)
                {
                    _position += index + wanted.Length;
                    return unread[..index];
                }

                if (_ended)
                    return null;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            change();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
