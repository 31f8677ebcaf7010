using System.Buffers;
using System.CommandLine;

namespace Sockeye.Cli.Commands;

/// <summary><c>--frames CODEC</c></summary>
internal static class FramesOption
{
    public const string Name = "--frames";

    /// <param name="purpose">What they are for.</param>
    public static Option<string?> Create(string purpose) => OptionKinds.Text(
        Name, $"{purpose}: lines, crlf, delimiter:%00, fixed:16, length:4, varint, netstring, slip, cobs, jsonl, resp, http", "CODEC");

    /// <exception cref="UsageException">There is no such codec.</exception>
    public static FrameCodec<ReadOnlySequence<byte>>? Read(string? text) =>
        text is null ? null
        : Codecs.TryParse(text, out FrameCodec<ReadOnlySequence<byte>>? codec, out string? error) ? codec : throw new UsageException($"{Name}: {error.TrimEnd('.')}");
}
