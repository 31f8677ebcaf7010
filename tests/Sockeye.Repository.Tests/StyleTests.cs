using System.Text.RegularExpressions;

namespace Sockeye.Repository.Tests;

/// <summary>The rules of style that no analyzer holds.</summary>
public partial class StyleTests
{
    private const int LinesToAskAt = 600;

    /// <summary>Files that are long for a reason: the path, and the reason.</summary>
    private static readonly Dictionary<string, string> LongForAReason = [];

    private static IEnumerable<string> SourceFiles => Repository.FilesIn("src", ".cs");

    [Fact]
    public void Namespaces_are_file_scoped()
    {
        IEnumerable<string> without = SourceFiles
            .Where(file => Path.GetFileName(file) is not "Program.cs" and not "AssemblyInfo.cs")
            .Where(file => !FileScopedNamespace().IsMatch(Repository.Read(file)));

        Assert.Empty(without);
    }

    [Fact]
    public void Long_files_are_a_question()
    {
        IEnumerable<string> questions = SourceFiles
            .Where(file => !LongForAReason.ContainsKey(file))
            .Select(file => (file, lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(item => item.lines > LinesToAskAt)
            .Select(item => $"{item.file} has {item.lines} lines. Is it about one idea? Split it, or name it in " +
                $"{nameof(LongForAReason)} with the reason.");

        Assert.Empty(questions);
    }

    [Fact]
    public void Nothing_unfinished_is_committed()
    {
        IEnumerable<string> unfinished = SourceFiles.Concat(Repository.FilesIn("samples", ".cs"))
            .SelectMany(file => Lines(file).Where(line => Unfinished().IsMatch(line.Text)).Select(line => $"{file}:{line.Number}: {line.Text.Trim()}"));

        Assert.Empty(unfinished);
    }

    [Fact]
    public void Native_code_is_called_from_interop_folders_only()
    {
        IEnumerable<string> elsewhere = SourceFiles
            .Where(file => !MayCallNativeCode().IsMatch(file))
            .SelectMany(file => Lines(file)
                .Where(line => Native().IsMatch(Comment().Replace(line.Text, "")))
                .Select(line => $"{file}:{line.Number}: {line.Text.Trim()}"));

        Assert.Empty(elsewhere);
    }

    [Theory]
    [InlineData("src/Sockeye/Interop/Poll.cs", true)]
    [InlineData("src/Sockeye/Networks/Interop/Poll.cs", true)]
    [InlineData("src/Sockeye.Cli/Interop/LibC.cs", true)]
    [InlineData("src/Sockeye.Cli/Talking/LibC.cs", false)]
    [InlineData("src/Sockeye.Linux/Reactors/Ring.cs", true)]
    [InlineData("src/Sockeye.Virtual/Tun/TunDevice.cs", true)]
    [InlineData("src/Sockeye.Virtual/Stack/Tcp.cs", false)]
    [InlineData("src/Sockeye/Networks/HostNetwork.cs", false)]
    [InlineData("src/Sockeye.Hub/Interop/Poll.cs", false)]
    public void Interop_folders_are_these(string file, bool may) => Assert.Equal(may, MayCallNativeCode().IsMatch(file));

    private static IEnumerable<(int Number, string Text)> Lines(string file) =>
        Repository.Read(file).Split('\n').Select((text, index) => (index + 1, text));

    [GeneratedRegex(@"^namespace [\w.]+;", RegexOptions.Multiline)]
    private static partial Regex FileScopedNamespace();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bunsafe\b|\b(LibraryImport|DllImport)\b")]
    private static partial Regex Native();

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^src/(Sockeye/(.*/)?Interop/|Sockeye\.Cli/Interop/|Sockeye\.Linux/|Sockeye\.Virtual/Tun/)")]
    private static partial Regex MayCallNativeCode();
}
