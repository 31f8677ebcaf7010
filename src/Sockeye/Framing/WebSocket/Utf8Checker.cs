using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>Whether bytes that come in pieces are UTF-8 (RFC 3629): refuses at the first byte that cannot be part of it, whatever follows.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Utf8Checker
{
    private const int CharacterBytesMax = 4;
    private const int BitsPerByte = 8;

    /// <summary>The beginning of a character whose rest has not come: up to three bytes, the first lowest.</summary>
    private uint _begun;
    private int _begunLength;

    /// <summary>Whether the bytes so far end with a whole character.</summary>
    public readonly bool IsComplete => _begunLength == 0;

    /// <summary>Looks at the next bytes; false when no continuation could make them valid.</summary>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        while (_begunLength > 0)
        {
            if (bytes.IsEmpty)
                return true;
            if (!Continue(bytes[0]))
                return false;
            bytes = bytes[1..];
        }

        int whole = bytes.Length - LengthOfLast(bytes);
        return Utf8.IsValid(bytes[..whole]) && Begin(bytes[whole..]);
    }

    /// <summary>One byte behind the character that has begun.</summary>
    private bool Continue(byte next)
    {
        Span<byte> character = stackalloc byte[CharacterBytesMax];
        for (int i = 0; i < _begunLength; i++)
            character[i] = (byte)(_begun >> (BitsPerByte * i));
        character[_begunLength] = next;
        character = character[..(_begunLength + 1)];
        this = default;
        return Begin(character);
    }

    /// <summary>At most four bytes: whole characters, then possibly the beginning of one, which is kept.</summary>
    private bool Begin(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out _, out int length);
            if (status == OperationStatus.NeedMoreData)
            {
                _begunLength = bytes.Length;
                for (int i = 0; i < bytes.Length; i++)
                    _begun |= (uint)bytes[i] << (BitsPerByte * i);
                return true;
            }

            if (status != OperationStatus.Done)
                return false;
            bytes = bytes[length..];
        }

        return true;
    }

    /// <summary>How long the last character is as far as it came; 0 if it has no beginning within reach, which is for the validation to refuse.</summary>
    private static int LengthOfLast(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Math.Min(CharacterBytesMax, bytes.Length); length++)
        {
            if ((bytes[^length] & 0xC0) != 0x80)
                return length;
        }

        return 0;
    }
}
