using System.Buffers;

namespace Sockeye.Cli.Talking;

/// <summary>What becomes of the bytes of one direction on their way. One object serves one connection.</summary>
internal abstract class Translation
{
    /// <summary>
    /// Takes what it can from the front of <paramref name="input"/> and writes what becomes of it; where it stopped. What it leaves comes again
    /// with more behind it.
    /// </summary>
    /// <param name="input">What has come.</param>
    /// <param name="isLast">Whether nothing comes behind it: all must be taken.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="ProtocolException">The peer's bytes are wrong.</exception>
    /// <exception cref="InvalidDataException">Ours are.</exception>
    public abstract SequencePosition Translate(ReadOnlySequence<byte> input, bool isLast, IBufferWriter<byte> output);
}
