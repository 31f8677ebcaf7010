using System.Buffers;
using System.Net.Sockets;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>Lines as datagrams, and datagrams as lines.</summary>
internal static class DatagramFormat
{
    /// <summary>The longest datagram that is received whole: above what Linux lets out of a Unix socket (net.core.wmem_default).</summary>
    public const int ReceiveBytesMax = 256 * 1024;

    /// <summary>The longest line: of a Unix socket the kernel decides.</summary>
    public static int LineBytesMax(DatagramSocket socket, TalkFormat format) =>
        (socket.Address.EndPoint.AddressFamily == AddressFamily.Unix ? ReceiveBytesMax : DatagramSocket.DatagramMax) * (format.Hex ? 3 : 1);

    /// <summary>The datagram of a line; null, and the reason, if it cannot be one.</summary>
    public static byte[]? ToDatagram(DatagramLine line, TalkFormat format, out string? problem)
    {
        problem = null;
        try
        {
            if (line.Bytes is { } bytes)
            {
                byte[] datagram = format.Hex ? HexText.Parse(new ReadOnlySequence<byte>(bytes), line.Number) : bytes;
                return datagram;
            }

            problem = $"line {line.Number} was not sent: it has {line.Length} bytes, and a datagram carries at most {DatagramSocket.DatagramMax}; split it";
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }

        return null;
    }

    /// <summary>Why a datagram of a line could not be sent.</summary>
    public static string Explain(SocketException error, DatagramLine line) => error.SocketErrorCode == SocketError.MessageSize
        ? $"line {line.Number} was not sent: it has {line.Length} bytes, and the socket takes fewer; split it"
        : $"line {line.Number} was not sent: {error.Message}";
}
