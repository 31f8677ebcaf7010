using System.Text;

namespace Sockeye.Cli.Tests;

/// <summary>Lines of output as they come: they can be waited for.</summary>
internal sealed class Lines : TextWriter
{
    /// <summary>Only what never comes is waited for so long: a busy machine may let any thread rest for many seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly List<string> _all = [];
    private readonly StringBuilder _open = new();
    private TaskCompletionSource _changed = New();
    private bool _isComplete;

    public override Encoding Encoding => Encoding.UTF8;

    public string[] All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value != '\n')
                _open.Append(value);
            else
                AddOpen();
        }
    }

    public override void Write(string? value)
    {
        // Whole: what several write at once is not mixed.
        lock (_lock)
        {
            foreach (char character in value ?? "")
                Write(character);
        }
    }

    public override void Write(StringBuilder? value) => Write(value?.ToString());

    public void Add(string line) => Write(line + "\n");

    /// <summary>No more lines come: whoever waits for one need not wait any longer.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Signal();
        }
    }

    /// <summary>Waits for the first line that contains all of <paramref name="parts"/>.</summary>
    /// <exception cref="TimeoutException">It did not come, or can come no more.</exception>
    public async Task<string> FindAsync(params string[] parts)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_all.Find(line => Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal))) is { } found)
                    return found;
                if (_isComplete)
                    throw new TimeoutException($"It ended without a line with {string.Join(" and ", parts)}:\n{string.Join('\n', _all)}");
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"No line with {string.Join(" and ", parts)} in:\n{string.Join('\n', All)}", e);
            }
        }
    }

    private void AddOpen()
    {
        _all.Add(_open.ToString());
        _open.Clear();
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = New();
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
