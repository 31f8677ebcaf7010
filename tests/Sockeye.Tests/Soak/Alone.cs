namespace Sockeye.Tests.Soak;

/// <summary>Tests that count what the whole process has: no other runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
