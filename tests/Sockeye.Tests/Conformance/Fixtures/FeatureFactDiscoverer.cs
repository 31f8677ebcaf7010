using Xunit.Sdk;
using Xunit.v3;

namespace Sockeye.Tests.Conformance;

public sealed class FeatureFactDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        FixtureFeatures.Of(testMethod).HasFlag(((FeatureFactAttribute)factAttribute).Needs) ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}
