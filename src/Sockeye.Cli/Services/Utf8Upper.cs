using System.Buffers;
using System.Text;

namespace Sockeye.Cli.Services;

/// <summary>
/// Capitals, as the bytes arrive: characters of UTF-8 become capitals, what is no character passes unchanged, and one that is cut in two
/// waits for its other half. Cutting the input anywhere changes nothing of the output.
/// </summary>
internal sealed class Utf8Upper
{
    private const int CharacterBytesMax = 4;

    private readonly byte[] _tail = new byte[CharacterBytesMax];
    private int _tailLength;

    /// <summary>Writes the capitals of <paramref name="input"/>, except for a last character that is not whole yet.</summary>
    public void Transform(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (_tailLength > 0 && !input.IsEmpty)
        {
            _tail[_tailLength++] = input[0];
            input = input[1..];
            TakeCharacters(output);
        }

        if (input.IsEmpty)
            return;
        int taken = Take(input, output);
        input[taken..].CopyTo(_tail);
        _tailLength = input.Length - taken;
    }

    /// <summary>Writes what was kept back, as it is: the input has ended within a character.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
        output.Write(_tail.AsSpan(0, _tailLength));
        _tailLength = 0;
    }

    private void TakeCharacters(IBufferWriter<byte> output)
    {
        Span<byte> tail = _tail.AsSpan(0, _tailLength);
        int taken = Take(tail, output);
        tail[taken..].CopyTo(_tail);
        _tailLength -= taken;
    }

    /// <summary>How many bytes were taken: all but an unfinished character at the end.</summary>
    private static int Take(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> rest = input;
        while (!rest.IsEmpty)
        {
            Ascii.ToUpper(rest, output.GetSpan(rest.Length), out int plain);
            output.Advance(plain);
            rest = rest[plain..];
            if (rest.IsEmpty)
                break;
            OperationStatus status = Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData)
                break;
            if (status == OperationStatus.Done)
                output.Advance(Rune.ToUpperInvariant(rune).EncodeToUtf8(output.GetSpan(CharacterBytesMax)));
            else
                output.Write(rest[..length]);
            rest = rest[length..];
        }

        return input.Length - rest.Length;
    }
}
