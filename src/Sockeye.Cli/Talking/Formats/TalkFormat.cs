using System.Buffers;
using System.Net.Sockets;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>How bytes are typed and shown.</summary>
internal sealed record TalkFormat
{
    /// <summary>Whether LF becomes CRLF on its way to the peer.</summary>
    public bool Crlf { get; init; }

    /// <summary>Whether bytes are hexadecimal digits on both sides.</summary>
    public bool Hex { get; init; }

    /// <summary>How frames are found and made, one a line; null where bytes are a stream.</summary>
    public FrameCodec<ReadOnlySequence<byte>>? Frames { get; init; }

    /// <summary>Whether frames are lines, which CRLF ends as LF does.</summary>
    public bool FramesAreLines { get; init; }

    /// <summary>Whether a WebSocket is a stream of bytes, sent as binary messages.</summary>
    public bool Binary { get; init; }

    /// <summary>Whether a WebSocket has a message a line: frames and bytes are a stream over its payloads.</summary>
    public bool HasMessages => !Binary && Frames is null;

    /// <summary>Whether a terminal is kept from obeying what is shown.</summary>
    public bool IsSafe { get; init; }

    /// <summary>What becomes of what is typed; null leaves it as it is.</summary>
    public Translation? CreateSending(SocketType type) => this switch
    {
        { Frames: { } codec } => new LinesToFrames(codec, Hex, FramesAreLines),
        _ when type == SocketType.Seqpacket => new LinesToMessages(Hex),
        { Hex: true } => new HexInputTranslation(),
        { Crlf: true } => new CrlfTranslation(),
        _ => null,
    };

    /// <summary>What becomes of what comes; null leaves it as it is.</summary>
    /// <param name="type">Of the socket.</param>
    /// <param name="writeJson">Writes bytes as a JSON event, where that is wanted.</param>
    public Translation? CreateReceiving(SocketType type, Action<ReadOnlySequence<byte>, IBufferWriter<byte>>? writeJson) => this switch
    {
        { Frames: { } codec } => new FramesToLines(codec, writeJson ?? WriteFrame),
        _ when type == SocketType.Seqpacket => new MessagesToLines(writeJson ?? WriteMessage),
        _ when writeJson is not null => new JsonTranslation(writeJson),
        { Hex: true } => new HexDumpTranslation(),
        { IsSafe: true } => new TerminalTranslation(),
        _ => null,
    };

    /// <summary>Writes a message as a line. What is not for a terminal is exact, but for the line end it gets if it has none.</summary>
    public void WriteMessage(ReadOnlySequence<byte> message, IBufferWriter<byte> output)
    {
        if (Hex || IsSafe)
        {
            WriteFrame(IsSafe ? WithoutLineEnd(message) : message, output);
            return;
        }

        foreach (ReadOnlyMemory<byte> piece in message)
            output.Write(piece.Span);
        if (message.IsEmpty || message.Slice(message.Length - 1).FirstSpan[0] != '\n')
            output.Write("\n"u8);
    }

    /// <summary>A frame is one line, whatever is in it.</summary>
    private void WriteFrame(ReadOnlySequence<byte> frame, IBufferWriter<byte> output)
    {
        if (Hex)
            HexText.Write(frame, output);
        else
            VisibleText.Write(frame.ToArray(), isLast: true, keepsLines: false, output);
        output.Write("\n"u8);
    }

    private ReadOnlySequence<byte> WithoutLineEnd(ReadOnlySequence<byte> message) =>
        !Hex && !message.IsEmpty && message.Slice(message.Length - 1).FirstSpan[0] == '\n' ? message.Slice(0, message.Length - 1) : message;
}
