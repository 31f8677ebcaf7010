using System.Net.Sockets;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Commands;

/// <summary>What is told of the program's reactors while they run.</summary>
public sealed class ReactorNotesTests : IDisposable
{
    private readonly Lines _errors = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public async Task A_reactor_that_is_held_is_told_of()
    {
        ReactorNotes notes = new(Environment(), isQuiet: false);

        // Told soon, and held until then: nothing here hangs on how long that is.
        await using LinuxNetwork network = new(notes.Options with { ReactorCount = 1, HeldTime = TimeSpan.FromMilliseconds(1) });
        (NetworkSocket one, NetworkSocket other) = network.CreatePair();
        using ManualResetEventSlim release = new();
        Task holding = HoldAsync(one, release);
        await other.SendAllAsync("x"u8.ToArray());
        string told = await _errors.FindAsync(ReactorNotes.Beginning);
        release.Set();
        await holding;

        Assert.Equal(
            $"note: reactors: number 1 of {System.Environment.ProcessorCount} has been held by one client for 5s or longer: its other clients wait until that ends; with --network host none waits for another",
            told);
        one.Dispose();
        other.Dispose();
    }

    [Fact]
    public void Held_reactors_are_not_told_of_where_only_errors_are()
    {
        ReactorNotes notes = new(Environment(), isQuiet: true);
        notes.Options.OnHeld!(0);
        notes.Options.OnError!(new SocketException((int)SocketError.NoBufferSpaceAvailable));

        Assert.StartsWith("sockeye: ", Assert.Single(_errors.All), StringComparison.Ordinal);
    }

    /// <summary>Goes on on the socket's reactor, and stays.</summary>
    private static async Task HoldAsync(NetworkSocket socket, ManualResetEventSlim release)
    {
        await socket.ReceiveAsync(new byte[1]).ConfigureAwait(false);
        Assert.StartsWith("Sockeye reactor", Thread.CurrentThread.Name, StringComparison.Ordinal);
        release.Wait();
    }

    private CliEnvironment Environment() => new() { Output = TextWriter.Null, Error = _errors };
}
