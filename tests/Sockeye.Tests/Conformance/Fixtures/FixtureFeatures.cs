using System.Collections.Concurrent;
using Xunit.v3;

namespace Sockeye.Tests.Conformance;

/// <summary>What the network of a suite's class can do, asked of the fixture that the class makes for itself.</summary>
internal static class FixtureFeatures
{
    private static readonly ConcurrentDictionary<Type, Feature> Known = new();

    public static Feature Of(IXunitTestMethod method) => Known.GetOrAdd(method.TestClass.Class, static type =>
    {
        ConformanceTests tests = (ConformanceTests)Activator.CreateInstance(type)!;
        Feature features = tests.Fixture.Features;
        tests.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return features;
    });
}
