using System.Buffers;
using System.Globalization;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>
/// What waits for a client, and how datagrams are made of it: the rest of the answer that it got last, and what is new. Bounded; of what is left out, the oldest
/// first, it is told how much it was. Pure.
/// </summary>
internal sealed class UdpPending(UdpLimits limits)
{
    /// <summary>Longer than any line that says how much is left.</summary>
    private const int MoreBytesMax = 48;

    private readonly List<UdpLine> _answer = [];
    private readonly List<UdpLine> _news = [];
    private int _newsBytes;
    private long _missed;

    public bool IsEmpty => _answer.Count == 0 && _news.Count == 0 && _missed == 0;

    /// <summary>Lines and bytes that wait as news.</summary>
    public (int Lines, int Bytes) News => (_news.Count, _newsBytes);

    /// <summary>Takes the lines of an answer; those of the last one that have not gone are forgotten.</summary>
    public void SetAnswer(IEnumerable<byte[]> lines)
    {
        _answer.Clear();
        int bytes = 0;
        foreach (byte[] line in lines)
        {
            _answer.Add(new UdpLine(line));
            bytes += line.Length;
        }

        // Of a long history the end is worth more than the beginning.
        int dropped = 0;
        while (bytes > limits.PendingBytesMax)
            bytes -= _answer[dropped++].Bytes.Length;
        _answer.RemoveRange(0, dropped);
    }

    /// <summary>Takes a message, in the pieces it has been cut into.</summary>
    public void Add(Message message, byte[][] pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
            Add(new UdpLine(pieces[i], i == 0 ? message : null));
    }

    /// <summary>Takes a line that tells of others, unless many wait.</summary>
    public void AddNotice(byte[][] pieces)
    {
        if (_news.Count(line => line.IsNotice) + pieces.Length > limits.NoticesMax)
            return;
        foreach (byte[] piece in pieces)
            Add(new UdpLine(piece, IsNotice: true));
    }

    /// <summary>Takes a line that is to be sent as messages are.</summary>
    public void AddLine(byte[][] pieces)
    {
        foreach (byte[] piece in pieces)
            Add(new UdpLine(piece));
    }

    /// <summary>The message of a conversation that waits first; null: none does.</summary>
    public long? FirstWaiting(ConversationId conversation)
    {
        foreach (UdpLine line in _news)
        {
            if (line.Message is { } message && message.Conversation.Id == conversation)
                return message.Number;
        }

        return null;
    }

    /// <summary>Makes a datagram: <paramref name="first"/>, then as many whole lines as fit.</summary>
    /// <param name="first">The line that must be in it, with its LF; empty: none.</param>
    /// <param name="saysMore">Whether it ends with a line that says how much is left, if something is.</param>
    public byte[] TakeDatagram(ReadOnlySpan<byte> first, bool saysMore)
    {
        ArrayBufferWriter<byte> datagram = new(limits.DatagramBytesMax);
        datagram.Write(first);
        if (_missed > 0 && TryWrite(datagram, MissedLine(), saysMore && !(_answer.Count == 0 && _news.Count == 0)))
            _missed = 0;
        if (_missed == 0)
        {
            int answers = Take(datagram, _answer, saysMore, _news.Count);
            _answer.RemoveRange(0, answers);
            if (_answer.Count == 0)
                TakeNews(datagram, saysMore);
        }

        int left = _answer.Count + _news.Count;
        if (saysMore && left > 0)
            datagram.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"… {left} more: /more\n")));
        return datagram.WrittenSpan.ToArray();
    }

    private void TakeNews(ArrayBufferWriter<byte> datagram, bool saysMore)
    {
        int taken = Take(datagram, _news, saysMore, 0);
        for (int i = 0; i < taken; i++)
            _newsBytes -= _news[i].Bytes.Length;
        _news.RemoveRange(0, taken);
    }

    /// <summary>Writes the lines that fit, and room for the last one that says how much is left.</summary>
    private int Take(ArrayBufferWriter<byte> datagram, List<UdpLine> lines, bool saysMore, int others)
    {
        int taken = 0;
        while (taken < lines.Count && TryWrite(datagram, lines[taken].Bytes, saysMore && (taken < lines.Count - 1 || others > 0)))
            taken++;
        return taken;
    }

    private bool TryWrite(ArrayBufferWriter<byte> datagram, byte[] line, bool isMoreLeft)
    {
        int room = limits.DatagramBytesMax - datagram.WrittenCount - (isMoreLeft ? MoreBytesMax : 0);
        if (line.Length > room)
            return false;
        datagram.Write(line);
        return true;
    }

    private void Add(UdpLine line)
    {
        _news.Add(line);
        _newsBytes += line.Bytes.Length;
        while (_news.Count > limits.PendingLinesMax || _newsBytes > limits.PendingBytesMax)
            DropFirst();
    }

    /// <summary>Leaves out the oldest line: with a message all of its pieces.</summary>
    private void DropFirst()
    {
        int count = 1;
        if (_news[0].Message is not null)
        {
            _missed++;
            while (count < _news.Count && _news[count] is { Message: null, IsNotice: false })
                count++;
        }

        for (int i = 0; i < count; i++)
            _newsBytes -= _news[i].Bytes.Length;
        _news.RemoveRange(0, count);
    }

    private byte[] MissedLine() =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"… you missed {_missed} messages: /history shows the last\n"));
}
