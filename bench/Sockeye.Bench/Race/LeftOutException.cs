namespace Sockeye.Bench.Race;

/// <summary>A contender cannot take part on this machine: a program or a feature of the kernel is missing.</summary>
internal sealed class LeftOutException(string reason) : Exception(reason);
