using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>Codecs as text, as in <c>length:4:little:max=64k</c>; see <see cref="Codecs.Parse"/>.</summary>
internal static class CodecText
{
    public const string Lines = "lines";
    public const string CrLf = "crlf";
    public const string Delimiter = "delimiter";
    public const string Fixed = "fixed";
    public const string Length = "length";
    public const string Varint = "varint";
    public const string Netstring = "netstring";
    public const string Slip = "slip";
    public const string Cobs = "cobs";
    public const string JsonLines = "jsonl";
    public const string Resp = "resp";
    public const string Http = "http";

    public const string Big = "big";
    public const string Little = "little";
    public const string Self = "self";

    public const char Separator = ':';
    public const string Max = "max=";

    /// <summary>The bytes of a delimiter that stand for themselves.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("!$&'()*+,-./0123456789;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The canonical text: the limit is left out where it is the usual one.</summary>
    public static string Print(string codec, int maxFrameSize, int usualMax = Codecs.DefaultMaxFrameSize) =>
        maxFrameSize == usualMax ? codec : $"{codec}{Separator}{Max}{ByteCount.Print(maxFrameSize)}";

    /// <summary>Bytes as text: visible ASCII as it is, all else as <c>%HH</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            if (Plain.Contains((char)value))
                text.Append((char)value);
            else
                text.Append('%').Append(value.ToString("X2"));
        }

        return text.ToString();
    }
}
