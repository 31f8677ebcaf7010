using System.Text;

namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>
/// Whether what a client says is a WebSocket's, from when on: a request to upgrade, and the 101 that agrees to it (RFC 6455, 4). Where bytes were missed before that was known, it stays
/// unknown until a request begins that is HTTP's.
/// </summary>
internal sealed class WebSocketUpgrade
{
    /// <summary>The longest word that a request begins with, and the space behind it.</summary>
    private const int MethodMax = 16;

    private const int SwitchingProtocols = 101;

    /// <summary>The first line that is not empty of a PROXY header, version 2, whose signature is <c>\r\n\r\n\0\r\nQUIT\n</c>.</summary>
    private static ReadOnlySpan<byte> ProxyMark => "\0"u8;

    private HeadLines _asking = new();
    private HeadLines? _answering;
    private bool _isFirstLine = true;

    /// <summary>Whether binary addresses stand in front of the request, in its line.</summary>
    private bool _isBehindProxy;

    private bool _isInHead;
    private bool _asks;
    private bool _agrees;
    private int _status;

    /// <summary>How far it has come.</summary>
    public UpgradePhase Phase { get; private set; }

    /// <summary>Whether an extension was agreed on, which is compression as a rule.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>What the client says. While <see cref="Phase"/> is <see cref="UpgradePhase.Plain"/>, or may become it.</summary>
    /// <returns>How many of the first bytes are none of a WebSocket's.</returns>
    public int Ask(ReadOnlySpan<byte> data)
    {
        if (Phase == UpgradePhase.Unknown && BeginsRequest(data))
            Begin();
        int taken = 0;
        while (Phase == UpgradePhase.Plain && taken < data.Length)
        {
            taken += _asking.Take(data[taken..], out bool hasEnded);
            if (_isFirstLine && _asking.Line.Length >= (hasEnded ? 1 : MethodMax) && !IsHttp())
                return data.Length;
            if (hasEnded)
                AskLine(_asking.Line);
        }

        return Phase == UpgradePhase.Other ? data.Length : taken;
    }

    /// <summary>What the server says.</summary>
    public void Answer(ReadOnlySpan<byte> data)
    {
        while (Phase == UpgradePhase.Asked && data.Length > 0)
        {
            data = data[_answering!.Take(data, out bool hasEnded)..];
            if (hasEnded)
                AnswerLine(_answering.Line);
        }
    }

    /// <summary>Bytes were missed.</summary>
    public void Miss(bool fromClient)
    {
        if (Phase == UpgradePhase.Asked || (fromClient && Phase == UpgradePhase.Plain))
            Phase = UpgradePhase.Unknown;
    }

    /// <summary>Whether the first line can be HTTP's; else it is something else, and nothing more is looked at.</summary>
    private bool IsHttp()
    {
        _isFirstLine = false;
        _isBehindProxy = _asking.Line.SequenceEqual(ProxyMark);
        if (!_isBehindProxy && !BeginsRequest(_asking.Line))
            Phase = UpgradePhase.Other;
        return Phase != UpgradePhase.Other;
    }

    private void Begin() => (Phase, _asking, _isInHead) = (UpgradePhase.Plain, new HeadLines(), false);

    private void AskLine(ReadOnlySpan<byte> line)
    {
        int request = line.IndexOf("GET "u8);
        if (request == 0 || (request > 0 && _isBehindProxy && !_isInHead))
            (_isInHead, _asks) = (true, false);
        else if (_isInHead && IsWebSocketHeader(line))
            _asks = true;
        if (line.Length > 0)
            return;
        if (_isInHead && _asks)
            (Phase, _answering, _status, _agrees, IsExtended) = (UpgradePhase.Asked, new HeadLines(), 0, false, false);
        _isInHead = false;
    }

    private void AnswerLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("HTTP/1."u8))
            _status = line.Length >= 12 && int.TryParse(line.Slice(9, 3), out int status) ? status : 0;
        else if (IsWebSocketHeader(line))
            _agrees = true;
        else if (ValueOf(line, "sec-websocket-extensions") is { Length: > 0 })
            IsExtended = true;

        // Others of 100 to 199 come before the answer.
        if (_status >= 200 || (_status == SwitchingProtocols && line.Length == 0 && !_agrees))
            Begin();
        else if (_status == SwitchingProtocols && line.Length == 0)
            Phase = UpgradePhase.WebSocket;
        if (Phase != UpgradePhase.Asked)
            _answering = null;
    }

    private static bool BeginsRequest(ReadOnlySpan<byte> data)
    {
        int length = data.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return length is > 2 and < MethodMax && data[length] == (byte)' ';
    }

    private static bool IsWebSocketHeader(ReadOnlySpan<byte> line) => ValueOf(line, "upgrade")?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What stands behind a header's name; null: it is none of that name.</summary>
    private static string? ValueOf(ReadOnlySpan<byte> line, string name)
    {
        int colon = line.IndexOf((byte)':');
        return colon == name.Length && Ascii.EqualsIgnoreCase(line[..colon], name) ? Encoding.Latin1.GetString(line[(colon + 1)..]).Trim() : null;
    }
}
