namespace Sockeye.Repository.Tests.PublicApi;

/// <summary>One of everything the printer must know.</summary>
public abstract class ApiSpecimen<T> : IProgress<T>
    where T : class, new()
{
    public const DayOfWeek Day = DayOfWeek.Friday;
    public static readonly IReadOnlyList<string?> Names = [];

    protected ApiSpecimen(int count, string? name = "a\"b") => Pairs = [(count, name)];

    public event Action<string?>? Seen;

    public required TimeSpan? Timeout { get; init; }

    public (int Number, string? Text)[] Pairs { get; protected set; }

    internal int Hidden { get; set; }

    public int this[int index] => index;

    public static ApiSpecimen<T> operator +(ApiSpecimen<T> left, ApiSpecimen<T> right) => right ?? left;

    public void Report(T value) => Seen?.Invoke(value.ToString());

    public T? Find<TKey>(TKey key, out bool found, params string[] names)
        where TKey : struct
    {
        found = key.Equals(names);
        return null;
    }

    public override string ToString() => "";

    protected internal virtual void Changed()
    {
    }

    protected abstract Task<string?> ReadAsync(Memory<byte> into, CancellationToken cancellationToken = default);
}

public sealed record ApiSpecimenRecord(int Number);
