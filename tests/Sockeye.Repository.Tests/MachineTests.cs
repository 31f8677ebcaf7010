using System.Text.RegularExpressions;

namespace Sockeye.Repository.Tests;

/// <summary>The repository means the same on every machine.</summary>
public partial class MachineTests
{
    private static readonly string[] PublicRegistries = ["api.nuget.org", "registry.npmjs.org"];

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on()
    {
        IEnumerable<string> paths = TextFiles().SelectMany(file =>
            MachinePath().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}"));

        Assert.Empty(paths);
    }

    [Fact]
    public void Packages_come_from_public_registries()
    {
        IEnumerable<string> others = TextFiles().Where(file => PackageFile().IsMatch(file)).SelectMany(file =>
            RegistryAddress().Matches(Repository.Read(file))
                .Select(match => match.Groups["host"].Value)
                .Where(host => !PublicRegistries.Contains(host))
                .Select(host => $"{file}: {host}"));

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("""<add key="mirror" value="https://packages.example/v3/index.json" />""", "packages.example")]
    [InlineData("""<RestoreSources>https://packages.example/v3/index.json</RestoreSources>""", "packages.example")]
    [InlineData("""<RestoreAdditionalProjectSources>http://packages.example:8080/nuget</RestoreAdditionalProjectSources>""", "packages.example")]
    [InlineData(@"""resolved"": ""https://packages.example/uplot/-/uplot-1.6.32.tgz"",", "packages.example")]
    [InlineData("registry=https://packages.example/npm/", "packages.example")]
    public void A_private_registry_is_noticed(string line, string host) =>
        Assert.Equal(host, RegistryAddress().Match(line).Groups["host"].Value);

    private static IEnumerable<string> TextFiles() =>
        Repository.Files.Where(file => !File.ReadAllBytes(Repository.PathOf(file)).AsSpan().Contains((byte)0));

    // Written so that this file does not match itself.
    [GeneratedRegex(@"(?<![\w.])(/[w]ork/|/[r]oot/\.|/[U]sers/|[C]:\\Users\\)[\w./\\-]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(^|/)([Nn]u[Gg]et\.config|[^/]*\.(csproj|props|targets)|package-lock\.json|\.npmrc|packages\.lock\.json)$")]
    private static partial Regex PackageFile();

    [GeneratedRegex("""(value="|Sources>|"resolved": "|registry=)https?://(?<host>[^/:"]+)""")]
    private static partial Regex RegistryAddress();
}
