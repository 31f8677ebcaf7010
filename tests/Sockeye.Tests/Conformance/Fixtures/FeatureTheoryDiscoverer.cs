using Xunit.Sdk;
using Xunit.v3;

namespace Sockeye.Tests.Conformance;

public sealed class FeatureTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        FixtureFeatures.Of(testMethod).HasFlag(((FeatureTheoryAttribute)factAttribute).Needs) ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}
