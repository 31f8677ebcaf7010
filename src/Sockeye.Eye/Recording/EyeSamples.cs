namespace Sockeye.Eye.Recording;

/// <summary>What a conversation's figures were over its whole life, in a bounded number of stretches: when there are too many, each two become one.</summary>
internal sealed class EyeSamples(TimeSpan start)
{
    /// <summary>How many stretches there are at most.</summary>
    public const int CountMax = 512;

    private static readonly TimeSpan FirstWidth = TimeSpan.FromMilliseconds(100);

    private readonly List<EyeSample> _samples = [];

    /// <summary>How long a stretch is.</summary>
    public TimeSpan Width { get; private set; } = FirstWidth;

    public void Add(TimeSpan at, EyeSample sample)
    {
        if (at < start)
            at = start;
        while ((at - start) / Width >= CountMax)
            Join();
        int index = (int)((at - start) / Width);
        while (_samples.Count <= index)
            _samples.Add(EyeSample.None);
        _samples[index] = _samples[index].With(sample);
    }

    public EyeSample[] ToArray() => [.. _samples];

    public EyePlot Plot() => new(start, Width, ToArray());

    private void Join()
    {
        int half = (_samples.Count + 1) / 2;
        for (int i = 0; i < half; i++)
            _samples[i] = (2 * i) + 1 < _samples.Count ? _samples[2 * i].With(_samples[(2 * i) + 1]) : _samples[2 * i];
        _samples.RemoveRange(half, _samples.Count - half);
        Width *= 2;
    }
}
