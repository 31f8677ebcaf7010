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
        if (FindFault(line, isWhole: true) is not { } fault)
            return Utf8.IsValid(line) ? null : "it is not UTF-8.";

        // Of a text that only lacks its end nothing that is there is wrong.
        if (fault.Position >= line.Length || FindFault(line, isWhole: false) is null)
            return $"it ends after {line.Length} bytes, before its value does.";
        byte found = line[(int)fault.Position];
        string shown = found is > (byte)' ' and < 0x7f ? $"'{(char)found}'" : $"0x{found:x2}";
        return fault.IsTooDeep
            ? $"{shown} at its byte {fault.Position} opens more than {DepthMax} levels."
            : $"{shown} cannot stand at its byte {fault.Position}.";
    }

    /// <summary>Where reading it fails, from 0; null if it does not.</summary>
    private static (long Position, bool IsTooDeep)? FindFault(ReadOnlySpan<byte> line, bool isWhole)
    {
        Utf8JsonReader reader = new(line, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = DepthMax }));
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            long position = e.BytePositionInLine ?? 0;
            return (position, reader.CurrentDepth >= DepthMax && position < line.Length && line[(int)position] is (byte)'[' or (byte)'{');
        }
    }
}
