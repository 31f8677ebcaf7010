namespace Sockeye.Cli.Tests;
public class SmokeTests { [Fact] public void Runs() => Assert.NotNull(typeof(object)); }
