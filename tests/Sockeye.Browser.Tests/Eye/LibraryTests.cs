namespace Sockeye.Browser.Tests.Eye;

/// <summary>What the eye's page brings along from elsewhere is what was published, with its licence.</summary>
public class LibraryTests
{
    [Theory]
    [InlineData("uPlot.iife.min.js", "uplot/dist/uPlot.iife.min.js")]
    [InlineData("uPlot.min.css", "uplot/dist/uPlot.min.css")]
    [InlineData("uPlot.LICENSE.txt", "uplot/LICENSE")]
    public void A_file_is_that_of_the_package(string here, string there)
    {
        string path = Path.Combine(Tools.Project, "..", "..", "src", "Sockeye.Eye", "Web", "shared", "lib", here);
        Assert.Equal(File.ReadAllBytes(Tools.FromNpm(there)), File.ReadAllBytes(path));
    }
}
