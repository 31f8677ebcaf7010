using System.Buffers;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>Each message that comes becomes a line: one read of a socket that keeps messages apart is one message.</summary>
internal sealed class MessagesToLines(Action<ReadOnlySequence<byte>, IBufferWriter<byte>> write) : Translation
{
    public override SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output)
    {
        if (!input.IsEmpty)
            write(input, output);
        return input.End;
    }
}
