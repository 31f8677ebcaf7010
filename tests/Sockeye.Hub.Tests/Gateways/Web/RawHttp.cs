using System.Net.Sockets;
using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>Bytes to a web server and back, where a client of HTTP would not send what is to be sent.</summary>
internal static class RawHttp
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<TcpClient> ConnectAsync(Uri page)
    {
        TcpClient client = new();
        await client.ConnectAsync(page.Host, page.Port, Cancelled);
        return client;
    }

    /// <summary>Sends, and reads until the server ends the connection, in whatever way.</summary>
    public static async Task<string> AskAsync(Uri page, string request)
    {
        try
        {
            using TcpClient client = await ConnectAsync(page);
            return await AskAsync(client, request, until: null);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was reset before this side had noticed that it was there.
            return "";
        }
    }

    /// <summary>Sends, and reads until something has come.</summary>
    public static async Task<string> AskAsync(TcpClient client, string request, string? until)
    {
        StringBuilder answer = new();
        byte[] buffer = new byte[8192];
        try
        {
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancelled);
            while (await stream.ReadAsync(buffer, Cancelled).AsTask().WaitAsync(Hang.Limit) is > 0 and int length)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
                if (until is not null && answer.ToString().Contains(until, StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // A reset: what came before it has come.
        }

        return answer.ToString();
    }

    public static string Header(string answer, string name)
    {
        string start = name + ": ";
        string? line = answer.Split("\r\n").FirstOrDefault(line => line.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return Assert.IsType<string>(line)[start.Length..];
    }
}
