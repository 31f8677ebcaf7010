namespace Sockeye.Tests.Soak;

/// <summary>A busy loop for each core, so that a thread may rest anywhere.</summary>
internal sealed class BusyCores : IDisposable
{
    private readonly Thread[] _threads = new Thread[Environment.ProcessorCount];
    private volatile bool _isEnough;

    public BusyCores()
    {
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Spin) { IsBackground = true };
            _threads[i].Start();
        }
    }

    public void Dispose()
    {
        _isEnough = true;
        Array.ForEach(_threads, thread => thread.Join());
    }

    private void Spin()
    {
        while (!_isEnough)
            Thread.SpinWait(1000);
    }
}
