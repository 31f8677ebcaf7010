namespace Sockeye.Repository.Tests.PublicApi;

public class ApiPrinterTests
{
    [Fact]
    public void Declarations_read_like_CSharp()
    {
        string[] lines = [.. ApiPrinter.Print(typeof(ApiPrinterTests).Assembly).Split('\n').Select(line => line.Trim())];
        string[] shown = [.. lines.SkipWhile(line => !line.Contains("ApiSpecimen<T> :", StringComparison.Ordinal)).TakeWhile(line => line != "}").Skip(2)];

        Assert.Contains("public abstract class ApiSpecimen<T> : IProgress<T> where T : class, new()", lines);
        Assert.Equal(
            [
                "protected ApiSpecimen(int count, string? name = \"a\\\"b\");",
                "protected abstract Task<string?> ReadAsync(Memory<byte> into, CancellationToken cancellationToken = default);",
                "protected internal virtual void Changed();",
                "public (int, string?)[] Pairs { get; protected set; }",
                "public T? Find<TKey>(TKey key, out bool found, params string[] names) where TKey : struct;",
                "public const DayOfWeek Day = DayOfWeek.Friday;",
                "public event Action<string?>? Seen;",
                "public int this[int index] { get; }",
                "public override string ToString();",
                "public required TimeSpan? Timeout { get; init; }",
                "public static ApiSpecimen<T> operator Addition(ApiSpecimen<T> left, ApiSpecimen<T> right);",
                "public static readonly IReadOnlyList<string?> Names;",
                "public void Report(T value);",
            ],
            shown);
        Assert.Contains("public sealed record ApiSpecimenRecord : IEquatable<ApiSpecimenRecord>", lines);
        Assert.DoesNotContain(lines, line => line.Contains("Clone", StringComparison.Ordinal) || line.Contains("Hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\nb\nc", "a\nb\nc", "")]
    [InlineData("class A\n{\n    x\n}", "class A\n{\n    x\n    y\n}", "  class A\n+     y\n")]
    [InlineData("class A\n{\n    x\n    y\n}", "class A\n{\n    z\n    y\n}", "  class A\n-     x\n+     z\n")]
    [InlineData("a", "", "- a\n+ \n")]
    public void A_difference_names_the_type_it_is_in(string before, string after, string difference) =>
        Assert.Equal(difference, LineDifference.Between(before, after));
}
