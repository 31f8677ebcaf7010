using System.Xml.Linq;

namespace Sockeye.Repository.Tests;

/// <summary>Dependencies point one way.</summary>
public class ProjectReferenceTests
{
    /// <summary>Who may refer to whom in <c>src/</c>. A new project is added here, with thought.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sockeye"] = [],
        ["Sockeye.Linux"] = ["Sockeye"],
        ["Sockeye.Virtual"] = ["Sockeye"],
        ["Sockeye.AspNetCore"] = ["Sockeye"],
        ["Sockeye.Eye"] = ["Sockeye"],
        ["Sockeye.Hub"] = ["Sockeye", "Sockeye.Eye", "Sockeye.AspNetCore"],
        ["Sockeye.Cli"] = ["Sockeye", "Sockeye.Eye", "Sockeye.Hub", "Sockeye.Linux", "Sockeye.Virtual"],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.FilesIn("src", ".csproj")];

    public static TheoryData<string> OtherProjects =>
        [.. new[] { "samples", "bench", "tests" }.SelectMany(folder => Repository.FilesIn(folder, ".csproj"))];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_source_project_refers_only_to_those_it_may(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} is new: say in {nameof(Allowed)} what it may refer to.");

        string[] names = [.. ReferencesOf(project).Select(Path.GetFileNameWithoutExtension).OfType<string>()];

        Assert.Empty(names.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(OtherProjects))]
    public void Samples_bench_and_tests_refer_to_sources_or_to_their_own_kind(string project)
    {
        string folder = project.Split('/')[0];

        // The interop tests run the samples and the race, and refer to them so that they are built.
        string[] allowed = project.StartsWith("tests/Sockeye.Interop.Tests/", StringComparison.Ordinal)
            ? ["src", folder, "samples", "bench"]
            : ["src", folder];
        Assert.All(ReferencesOf(project), reference => Assert.Contains(reference.Split('/')[0], allowed));
    }

    [Fact]
    public void Samples_refer_to_the_library_only()
    {
        string[] references = [.. ReferencesOf("samples/Directory.Build.props")];
        IEnumerable<string> others = Repository.FilesIn("samples", ".csproj").SelectMany(ReferencesOf);

        Assert.Equal(["src/Sockeye/Sockeye.csproj"], references);
        Assert.Empty(others);
    }

    [Fact]
    public void The_library_stands_alone()
    {
        XDocument project = XDocument.Parse(Repository.Read("src/Sockeye/Sockeye.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
    }

    [Fact]
    public void Packages_of_the_shared_props_are_analyzers_only()
    {
        foreach (string props in new[] { "Directory.Build.props", "src/Directory.Build.props" })
        {
            Assert.All(
                XDocument.Parse(Repository.Read(props)).Descendants("PackageReference"),
                package => Assert.Equal("all", (string?)package.Attribute("PrivateAssets")));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        IEnumerable<string> projects = Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));
        IEnumerable<string?> listed = XDocument.Parse(Repository.Read("Sockeye.slnx")).Descendants("Project")
            .Select(project => (string?)project.Attribute("Path"));

        Assert.Empty(projects.Except(listed));
    }

    /// <summary>Paths from the root of what a project refers to; <c>*</c> in them is left as it is.</summary>
    private static IEnumerable<string> ReferencesOf(string project)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(project))!;
        return XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(reference => ((string)reference.Attribute("Include")!).Replace('\\', '/').Replace("$(MSBuildThisFileDirectory)", ""))
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(path, folder)));
    }
}
