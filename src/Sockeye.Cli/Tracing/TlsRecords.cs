using System.Buffers.Binary;

namespace Sockeye.Cli.Tracing;

/// <summary>
/// Names what passes in one direction of a TLS connection: its records (RFC 8446, section 5.1; RFC 5246, section 6.2), and of the handshake's
/// those messages that are not encrypted. A record may come in any number of pieces.
/// </summary>
internal sealed class TlsRecords
{
    private const int HeaderLength = 5;
    private const int AlertLength = 2;

    private readonly byte[] _head = new byte[HeaderLength + 1];
    private int _headLength;
    private int _left;
    private bool _isEncrypted;

    /// <summary>What began in these bytes: "ClientHello", "ServerHello, ChangeCipherSpec, 3 encrypted records"; empty where nothing did.</summary>
    public string Describe(ReadOnlySpan<byte> bytes)
    {
        List<(string Name, int Count)> names = [];
        while (!bytes.IsEmpty)
        {
            int skipped = Math.Min(_left, bytes.Length);
            _left -= skipped;
            bytes = bytes[skipped..];
            if (_left == 0 && Take(ref bytes) is { } name)
                Append(names, name);
        }

        return string.Join(", ", names.Select(item => item.Count == 1 ? item.Name : $"{item.Count} {item.Name}s"));
    }

    private static void Append(List<(string Name, int Count)> names, string name)
    {
        if (names is [.., var last] && last.Name == name)
            names[^1] = (name, last.Count + 1);
        else
            names.Add((name, 1));
    }

    /// <summary>Gathers the next record's header and first byte; its name once they are there.</summary>
    private string? Take(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _headLength < _head.Length)
        {
            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (_headLength == HeaderLength && BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(3)) == 0)
                break;
        }

        int length = _headLength < HeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(3));
        if (_headLength < HeaderLength || (_headLength == HeaderLength && length > 0))
            return null;
        _left = Math.Max(0, length - 1);
        _headLength = 0;
        return Name(_head[0], length, length > 0 ? _head[HeaderLength] : (byte)0);
    }

    private string Name(byte type, int length, byte first)
    {
        switch (type)
        {
            case 20:
                // TLS 1.2: from here on this direction is encrypted. TLS 1.3 sends one for the sake of middleboxes, and marks what is encrypted itself.
                _isEncrypted = true;
                return "ChangeCipherSpec";
            case 21:
                return length == AlertLength ? "alert" : "encrypted alert";
            case 22 when _isEncrypted:
                return "encrypted handshake record";
            case 22:
                return Message(first);
            case 23:
                return "encrypted record";
            default:
                return "record of an unknown kind";
        }
    }

    private static string Message(byte type) => type switch
    {
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        16 => "ClientKeyExchange",
        22 => "CertificateStatus",
        _ => "handshake record",
    };
}
