using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sockeye.AspNetCore.Tests;

/// <summary>A network that servers and clients of one test are on, and Kestrel's transport for it.</summary>
public abstract class NetworkFixture : IAsyncDisposable
{
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("sockeye-"));
    private int _paths;

    /// <summary>Where clients connect.</summary>
    public abstract Network Network { get; }

    /// <summary>Whether connections are the system's, with sockets that ASP.NET Core can be shown.</summary>
    public abstract bool HasSockets { get; }

    /// <summary>Whether this is Kestrel's own transport: what the tests of all say is true of it.</summary>
    public virtual bool IsStock => false;

    /// <summary>Whether the application runs on the network's own threads.</summary>
    public virtual bool RunsInline => false;

    /// <summary>The transport by itself.</summary>
    public virtual IConnectionListenerFactory CreateTransport(Action<SockeyeTransportOptions>? configure = null)
    {
        SockeyeTransportOptions options = new() { RunsInline = RunsInline };
        configure?.Invoke(options);
        return new NetworkListenerFactory(Network, Options.Create(options), NullLoggerFactory.Instance);
    }

    /// <summary>Puts the transport under a host's Kestrel.</summary>
    public virtual IWebHostBuilder Use(IWebHostBuilder builder, Action<SockeyeTransportOptions>? configure = null) => builder.UseSockeye(Network, options =>
    {
        options.RunsInline = RunsInline;
        configure?.Invoke(options);
    });

    /// <summary>A path that nobody has.</summary>
    public UnixDomainSocketEndPoint NewPath() => new(Path.Combine(_folder.Value.FullName, $"{Interlocked.Increment(ref _paths)}.sock"));

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        if (_folder.IsValueCreated)
            _folder.Value.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
