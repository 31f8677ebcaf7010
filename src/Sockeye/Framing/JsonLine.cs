using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Sockeye;

/// <summary>Whether a line is one JSON text (RFC 8259).</summary>
internal static class JsonLine
{
    /// <summary>The most levels of arrays and objects within each other.</summary>
    public const int DepthMax = 64;

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

    /// <summary>Returns what is wrong with the line, or null.</summary>
    public static string? FindProblem(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return FindProblem(line.FirstSpan);

        // Utf8JsonReader throws IndexOutOfRangeException for some malformed texts in several segments (.NET 10), so it gets one.
        int size = (int)line.Length;
        byte[] copy = ArrayPool<byte>.Shared.Rent(size);
        line.CopyTo(copy);
        string? problem = FindProblem(copy.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(copy);
        return problem;
    }

    /// <remarks>The reader itself passes malformed UTF-8 within strings.</remarks>
    private static string? FindProblem(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line, new JsonReaderOptions { MaxDepth = DepthMax });
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            return e.Message;
        }

        return Utf8.IsValid(line) ? null : "it is not UTF-8.";
    }
}
