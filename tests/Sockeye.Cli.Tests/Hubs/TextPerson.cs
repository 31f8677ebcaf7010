using System.Net.Sockets;
using System.Text;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary>Somebody at a terminal: what they type, and their screen. Over plain sockets, as nc is.</summary>
internal sealed class TextPerson : IDisposable
{
    private readonly TcpClient _client;
    private readonly Task _reading;

    public TextPerson(TcpClient client)
    {
        _client = client;
        _reading = ReadAsync();
    }

    public Lines Screen { get; } = new();

    public async Task SayAsync(params string[] lines) =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));

    /// <summary>Waits until the hub has ended the connection: what is on the screen then is all that came.</summary>
    public Task EndAsync() => _reading.WaitAsync(Lines.Patience);

    public void Dispose()
    {
        _client.Dispose();
        Screen.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using StreamReader reader = new(_client.GetStream(), Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync() is { } line)
                Screen.Add(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Killed hubs reset their connections.
        }

        Screen.Complete();
    }
}
