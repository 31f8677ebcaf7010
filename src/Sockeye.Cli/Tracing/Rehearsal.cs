namespace Sockeye.Cli.Tracing;

/// <summary>
/// A connection in memory, traced to nobody, before the real one: .NET compiles what runs for the first time, which on a loopback takes a hundred times as
/// long as what is measured.
/// </summary>
internal static class Rehearsal
{
    public static async Task RunAsync(CancellationToken stop)
    {
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:1", stop);
        Task serving = EchoAsync(listener, stop);
        TraceSettings settings = new() { Payload = "rehearsal"u8.ToArray() };
        await new TraceProgram(network, settings, TextWriter.Null, new TraceText(() => Output.TextFormat.ColumnsDefault)).RunAsync("tcp://127.0.0.1:1", stop);
        await serving;
    }

    private static async Task EchoAsync(Listener listener, CancellationToken stop)
    {
        await using Connection connection = (await listener.AcceptAsync(stop))!;
        await using Stream stream = connection.AsStream();
        await stream.CopyToAsync(stream, stop);
    }
}
