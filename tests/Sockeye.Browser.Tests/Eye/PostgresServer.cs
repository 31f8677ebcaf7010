using System.Globalization;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Browser.Tests.Eye;

/// <summary>A PostgreSQL server with a fresh database, on a Unix socket of its own. A test is skipped where none is installed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "fish";
    public const string Password = "hunter2!";
    private const string Programs = "/usr/lib/postgresql";

    /// <summary>It does not run as root; Debian's package has a user for it.</summary>
    private const string Account = "postgres";

    private readonly ScratchFolder _folder = new();
    private Peer? _server;

    private PostgresServer()
    {
    }

    /// <summary>Where it listens.</summary>
    public Address Address => Address.Parse($"unix://{_folder.PathOf(".s.PGSQL.5432")}");

    private string Data => _folder.PathOf("data");

    /// <summary>Starts it.</summary>
    /// <param name="authentication">How it asks for a password, as <c>pg_hba.conf</c> calls it.</param>
    public static async Task<PostgresServer> StartAsync(string authentication)
    {
        PostgresServer server = new();
        try
        {
            await server.OpenAsync(authentication);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>PostgreSQL's own client, logged in through a port of this machine.</summary>
    public static Peer Client(int port) => Peer.Start(
        Find("psql"),
        ["--no-psqlrc", "--no-align", "--tuples-only", string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={port} user={User} password={Password} dbname=postgres")]);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // Fast shutdown: it takes its shared memory along.
            await _server.InterruptAsync();
            await _server.EndAsync();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task OpenAsync(string authentication)
    {
        string password = _folder.PathOf("password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
            await RunAsync(Peer.Start("chown", ["-R", Account, _folder.PathOf(".")]));
        await RunAsync(Start("initdb", "-D", Data, "-U", User, "-A", authentication, $"--pwfile={password}", "--locale=C", "-E", "UTF8", "--no-sync"));
        _server = Start("postgres", "-D", Data, "-k", _folder.PathOf("."), "-h", "", "-p", "5432", "-F");
        await _server.SaysOnErrorsAsync("ready to accept connections");
    }

    private static async Task RunAsync(Peer peer)
    {
        await using (peer)
            Assert.True(await peer.EndAsync() == 0, peer.Output + peer.Errors);
    }

    private static Peer Start(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Peer.Start("setpriv", ["--reuid", Account, "--regid", Account, "--clear-groups", Find(program), .. arguments])
        : Peer.Start(Find(program), arguments);

    /// <summary>Debian has a folder for each version, and most of them in no path.</summary>
    private static string Find(string program)
    {
        string? found = Directory.Exists(Programs)
            ? Directory.GetDirectories(Programs).Select(version => Path.Combine(version, "bin", program)).Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (found is null)
            Assert.Skip($"PostgreSQL's {program} is not installed (Debian's package postgresql).");
        return found;
    }
}
