using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>Whether a line is one JSON text (RFC 8259).</summary>
internal static class JsonLine
{
    /// <summary>Nothing but what JSON takes for white space.</summary>
    public static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (ReadOnlyMemory<byte> segment in line)
        {
            if (segment.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
                return false;
        }

        return true;
    }

    /// <summary>Returns what is wrong with the line, or null. The reader itself passes malformed UTF-8 within strings.</summary>
    public static string? FindProblem(in ReadOnlySequence<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            return e.Message;
        }

        return IsUtf8(line) ? null : "it is not UTF-8.";
    }

    private static bool IsUtf8(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return Utf8.IsValid(line.FirstSpan);
        int size = (int)line.Length;
        byte[] copy = ArrayPool<byte>.Shared.Rent(size);
        line.CopyTo(copy);
        bool valid = Utf8.IsValid(copy.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(copy);
        return valid;
    }
}
