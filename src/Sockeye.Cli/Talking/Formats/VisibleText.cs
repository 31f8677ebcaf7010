using System.Buffers;
using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking.Formats;

/// <summary>
/// What peers send, so that a terminal shows it and does not obey it: a hostile one could move the cursor over what was there, or type into the
/// shell. Text stays as it is, backslashes too; what acts or is no UTF-8 becomes <c>\xNN</c>.
/// </summary>
internal static class VisibleText
{
    /// <summary>Writes what can be decided; how many bytes that was.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="isLast">Whether nothing comes behind it.</param>
    /// <param name="keepsLines">Whether line ends stay line ends, or the whole is to be one line.</param>
    /// <param name="output">Where to.</param>
    public static int Write(ReadOnlySpan<byte> bytes, bool isLast, bool keepsLines, IBufferWriter<byte> output)
    {
        int position = 0;
        while (position < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[position..];
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            bool isReturn = keepsLines && rest[0] == '\r';
            if (!isLast && (status == OperationStatus.NeedMoreData || (isReturn && rest.Length == 1)))
                break;
            bool isPlain = (status == OperationStatus.Done && (rune.Value is '\t' or '\\' || !EscapedText.IsDangerous(rune)))
                || (keepsLines && (rest[0] == '\n' || (isReturn && rest.Length > 1 && rest[1] == '\n')));
            if (isPlain)
                output.Write(rest[..length]);
            else
                WriteEscapes(rest[..length], output);
            position += length;
        }

        return position;
    }

    private static void WriteEscapes(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        foreach (byte value in bytes)
        {
            output.Write(value switch
            {
                (byte)'\n' => @"\n"u8,
                (byte)'\r' => @"\r"u8,
                _ => Encoding.ASCII.GetBytes($@"\x{value:x2}"),
            });
        }
    }
}
