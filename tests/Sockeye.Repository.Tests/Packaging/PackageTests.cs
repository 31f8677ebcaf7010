using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Sockeye.Repository.Tests.Launching;

namespace Sockeye.Repository.Tests.Packaging;

/// <summary>
/// What <c>dotnet pack</c> makes, in the hands of somebody who has nothing else: an empty folder, a feed of one folder, no package cache.
/// </summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private const string Program = """
        using System.Net;
        using Sockeye;

        await using MemoryNetwork network = new(TimeProvider.System);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        using CancellationTokenSource stop = new();
        Task serving = Server.RunAsync(listener, async (served, token) =>
        {
            await foreach (string line in served.Frames(Codecs.Lines()).ReadAllAsync(token))
                await served.WriteLineAsync(line.ToUpperInvariant(), token);
        }, stop.Token);
        await using (Connection connection = await network.ConnectAsync("tcp://127.0.0.1:80"))
        {
            await connection.WriteLineAsync("hello");
            await connection.Output.CompleteAsync();
            using StreamReader reader = new(connection.AsStream());
            Console.Write(await reader.ReadToEndAsync());
        }
        stop.Cancel();
        await serving;
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Sockeye" Version="*" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public void The_library_brings_its_documentation_its_page_and_its_licence()
    {
        using ZipArchive package = feed.Open("Sockeye");
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        string nuspec = Read(package, "Sockeye.nuspec");

        Assert.Contains("lib/net10.0/Sockeye.dll", files);
        Assert.Contains("""<member name="T:Sockeye.Connection">""", Read(package, "lib/net10.0/Sockeye.xml"), StringComparison.Ordinal);
        Assert.Contains("await Server.RunAsync(listener", Read(package, "PACKAGE.md"), StringComparison.Ordinal);
        Assert.Contains("<readme>PACKAGE.md</readme>", nuspec, StringComparison.Ordinal);
        Assert.Contains("""<license type="expression">MIT</license>""", nuspec, StringComparison.Ordinal);
        Assert.DoesNotContain("<dependency ", nuspec, StringComparison.Ordinal);
    }

    [Fact]
    public void A_debugger_finds_the_sources()
    {
        using ZipArchive symbols = feed.Open("Sockeye", "snupkg");
        using MemoryStream content = new();
        using (Stream pdb = symbols.GetEntry("lib/net10.0/Sockeye.pdb")!.Open())
            pdb.CopyTo(content);

        // The link stands in the clear in a portable PDB.
        Assert.Contains($"https://raw.githubusercontent.com/{PackageFeed.GitHubProject}/{feed.Commit}/*", Encoding.UTF8.GetString(content.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_project_installs_the_library_and_uses_it()
    {
        string folder = feed.CreateFolder("consumer");
        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), Project);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Program);

        CommandResult run = await feed.DotnetAsync(folder, "run", "-c", "Release");

        Assert.Equal((0, "HELLO\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task The_tool_installs_and_serves()
    {
        string folder = feed.CreateFolder("tool user");
        CommandResult installed = await feed.DotnetAsync(folder, "tool", "install", "Sockeye.Tool", "--tool-path", "tools");
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Errors);
        string sockeye = Path.Combine(folder, "tools", "sockeye");

        using Launching.Command serving = Launching.Command.Start(sockeye, ["serve", "upper", "unix://upper.sock"], folder, feed.Environment);
        await serving.SaysAsync("listening on unix://upper.sock");
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "upper.sock")), TestContext.Current.CancellationToken);
        await client.SendAsync("hello"u8.ToArray());
        byte[] answer = new byte[5];
        await client.ReceiveAsync(answer);

        Assert.Equal("HELLO"u8.ToArray(), answer);
        // The page and SQLite are in the package too.
        using Launching.Command hub = Launching.Command.Start(
            sockeye, ["hub", "--data", "kept", "--text", "off", "--udp", "off", "--web", "http://127.0.0.1:0"], folder, feed.Environment);
        await hub.SaysAsync("to become the owner of this hub");
        Assert.True(File.Exists(Path.Combine(folder, "kept", "hub.db")));

        using Launching.Command version = Launching.Command.Start(sockeye, ["--version"], folder, feed.Environment);
        CommandResult end = await version.EndAsync();
        Assert.Equal((0, feed.Version + "\n"), (end.ExitCode, end.Output));
    }

    private static string Read(ZipArchive package, string file)
    {
        using StreamReader reader = new(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }
}
