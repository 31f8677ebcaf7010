namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>docs/websocket.md counts the catalogue's rows, and counts right.</summary>
public class WebSocketPageTests
{
    [Fact]
    public void The_page_lists_every_category_with_its_section_and_count()
    {
        string[] rows =
        [
            .. WebSocketCatalogue.All.GroupBy(row => (row.Category, row.Section)).Select(group => $"| {group.Key.Category} | {group.Key.Section} | {group.Count()} |"),
            $"| all | | {WebSocketCatalogue.All.Count} |",
        ];
        string[] listed = [.. ReadPage().Split('\n').SkipWhile(line => !line.StartsWith("| category", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))];
        Assert.Equal(string.Join('\n', rows), string.Join('\n', listed));
    }

    private static string ReadPage()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return File.ReadAllText(Path.Combine(folder!, "docs", "websocket.md"));
    }
}
