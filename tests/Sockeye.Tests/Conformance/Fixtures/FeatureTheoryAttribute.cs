using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Sockeye.Tests.Conformance;

/// <summary>A theory of what not every network can do: none of its rows exists elsewhere.</summary>
[XunitTestCaseDiscoverer(typeof(FeatureTheoryDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class FeatureTheoryAttribute(Feature needs, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
    : TheoryAttribute(file, line)
{
    public Feature Needs => needs;
}
