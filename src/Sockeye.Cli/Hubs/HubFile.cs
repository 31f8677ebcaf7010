using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Sockeye.Cli.Hubs;

/// <summary>
/// The file of a hub's settings: JSON as .NET's configuration takes it, with remarks and commas after the last. It is looked through first, as what is wrong
/// is told with its line and column as editors count them.
/// </summary>
internal static class HubFile
{
    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">It cannot be read, or is no object of JSON; the message says where and why.</exception>
    public static IConfigurationProvider Load(string path)
    {
        byte[] bytes = Read(path);
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Mark))
            text = text[Mark.Length..];
        if (FindProblem(text) is (int at, { } why))
            throw new UsageException($"{path}, {Place(text, at)}: {why}");
        using MemoryStream stream = new(bytes);
        try
        {
            return new ConfigurationBuilder().AddJsonStream(stream).Build().Providers.Single();
        }
        catch (FormatException)
        {
            throw new UsageException($"{path}: a key is there twice, in its section and with its whole name: keep one");
        }
    }

    /// <summary>What is wrong first, and at which byte; null: nothing.</summary>
    public static (int At, string Why)? FindProblem(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        Stack<HashSet<string>> objects = [];
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                    return ((int)reader.TokenStartIndex, "the settings are one object: { \"key\": value, … }");
                if (reader.TokenType == JsonTokenType.StartObject)
                    objects.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                else if (reader.TokenType == JsonTokenType.EndObject)
                    objects.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName && !objects.Peek().Add(reader.GetString()!))
                    return ((int)reader.TokenStartIndex, $"\"{reader.GetString()}\" is there twice: keep one");
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            int at = e is JsonException json ? OffsetOf(text, json) : (int)reader.TokenStartIndex;
            return (at, Explain(text, at));
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"--config: {path} is not there");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UsageException($"{path} cannot be read: {(Directory.Exists(path) ? "it is a directory" : e.Message)}");
        }
    }

    /// <summary>.NET counts lines and the bytes in them from zero.</summary>
    private static int OffsetOf(ReadOnlySpan<byte> text, JsonException error)
    {
        int at = 0;
        for (long line = error.LineNumber ?? 0; line > 0; line--)
            at += text[at..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(at + (error.BytePositionInLine ?? 0), text.Length);
    }

    private static string Explain(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> rest = text[at..];
        if (rest.Trim(" \t\r\n"u8).IsEmpty)
            return text.Trim(" \t\r\n"u8).IsEmpty ? "the file is empty; {} is the least that can be in it" : "the file ends too soon: a } or a \" is missing";
        if (Rune.DecodeFromUtf8(rest, out Rune found, out _) != System.Buffers.OperationStatus.Done)
            return "that is no UTF-8";
        return found.Value switch
        {
            '"' => "a comma is missing before this, or a \" before that",
            '\'' => "texts stand between \" and \"",
            < ' ' => "a text ends in the line that it begins in: a \" is missing",
            _ => $"\"{found}\" cannot stand here: is a comma, a colon or a \" missing?",
        };
    }

    /// <summary>As editors count: from one, and characters.</summary>
    private static string Place(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> before = text[..at];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"line {before.Count((byte)'\n') + 1}, column {Encoding.UTF8.GetString(before[lineStart..]).EnumerateRunes().Count() + 1}";
    }
}
