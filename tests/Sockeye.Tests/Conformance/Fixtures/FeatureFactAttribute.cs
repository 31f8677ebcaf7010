using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Sockeye.Tests.Conformance;

/// <summary>A test of what not every network can do: it exists over those that can, and nowhere else.</summary>
[XunitTestCaseDiscoverer(typeof(FeatureFactDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class FeatureFactAttribute(Feature needs, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line)
{
    public Feature Needs => needs;
}
