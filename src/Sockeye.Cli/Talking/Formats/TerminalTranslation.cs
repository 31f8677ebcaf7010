using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>A stream on its way to a terminal: <see cref="VisibleText"/>.</summary>
internal sealed class TerminalTranslation : Translation
{
    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output) =>
        input.GetPosition(VisibleText.Write(input.ToArray(), isLast, keepsLines: true, output));
}
