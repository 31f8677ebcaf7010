namespace Sockeye.Eye.Recording;

/// <summary>How many bytes passed in each of the last seconds.</summary>
internal sealed class EyeRate
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 30;

    private readonly long[] _bytes = new long[Seconds];

    /// <summary>The second of the last bytes, since the recorder began.</summary>
    public long Second { get; private set; }

    public void Add(TimeSpan at, long length)
    {
        long second = (long)at.TotalSeconds;
        for (long empty = Math.Max(Second + 1, second - Seconds + 1); empty <= second; empty++)
            _bytes[empty % Seconds] = 0;
        Second = Math.Max(Second, second);
        _bytes[Second % Seconds] += length;
    }

    /// <summary>The oldest second first, the last of them <see cref="Second"/>.</summary>
    public long[] ToArray()
    {
        long[] bytes = new long[Seconds];
        for (int i = 0; i < Seconds; i++)
            bytes[i] = _bytes[(Second + 1 + i) % Seconds];
        return bytes;
    }
}
