using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>The answer of a server that does not switch: a status, a line for people, and what our side is told.</summary>
/// <param name="Status">The status line's code and words.</param>
/// <param name="Problem">What is wrong with the request; the body of the answer.</param>
internal sealed record WebSocketRefusal(string Status, string Problem)
{
    /// <summary>Headers of this answer, each with its line end.</summary>
    public string Headers { get; init; } = "";

    public void Write(IBufferWriter<byte> output)
    {
        byte[] body = Encoding.UTF8.GetBytes(Problem + "\n");
        output.Write(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {Status}\r\n{Headers}Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n"));
        output.Write(body);
    }
}
