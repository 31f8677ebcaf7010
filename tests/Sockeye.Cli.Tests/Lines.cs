using System.Text;

namespace Sockeye.Cli.Tests;

/// <summary>Lines of output as they come: they can be waited for.</summary>
internal sealed class Lines : TextWriter
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<string> _all = [];
    private readonly StringBuilder _open = new();
    private TaskCompletionSource _changed = New();

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

    public override void Write(StringBuilder? value) => Write(value?.ToString());

    public void Add(string line)
    {
        foreach (char character in line + "\n")
            Write(character);
    }

    /// <summary>Waits for the first line that contains all of <paramref name="parts"/>.</summary>
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
        TaskCompletionSource changed = _changed;
        _changed = New();
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
