namespace Sockeye;

/// <summary>One element of a <c>Sec-WebSocket-Extensions</c> header: RFC 6455, section 9.1.</summary>
internal sealed record WebSocketExtension(string Name, IReadOnlyList<(string Name, string? Value)> Parameters)
{
    /// <summary>Reads a header's value; null when it breaks the grammar.</summary>
    public static List<WebSocketExtension>? Parse(string header)
    {
        List<WebSocketExtension> extensions = [];
        foreach (string element in header.Split(',', StringSplitOptions.TrimEntries))
        {
            // Section 9.1 takes its lists from HTTP, where empty elements are skipped.
            if (element.Length == 0)
                continue;
            string[] parts = element.Split(';', StringSplitOptions.TrimEntries);
            List<(string Name, string? Value)> parameters = [];
            foreach (string part in parts.AsSpan(1))
            {
                if (ParseParameter(part) is not { } parameter)
                    return null;
                parameters.Add(parameter);
            }

            if (!HttpHead.IsToken(parts[0]))
                return null;
            extensions.Add(new WebSocketExtension(parts[0], parameters));
        }

        return extensions;
    }

    private static (string Name, string? Value)? ParseParameter(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return HttpHead.IsToken(text) ? (text, null) : null;
        string name = text[..equals].TrimEnd();
        string value = text[(equals + 1)..].TrimStart();
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
            value = value[1..^1];
        return HttpHead.IsToken(name) && HttpHead.IsToken(value) ? (name, value) : null;
    }
}
