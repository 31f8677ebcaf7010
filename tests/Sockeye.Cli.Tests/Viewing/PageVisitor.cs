using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sockeye.Cli.Tests.Viewing;

/// <summary>Somebody who opens the page that a line told of, and may look at it.</summary>
internal sealed class PageVisitor : IDisposable
{
    private readonly Uri _page;
    private readonly HttpClient _http;
    private readonly ClientWebSocket _live = new();

    /// <param name="line">Has the page's link in it.</param>
    public PageVisitor(string line)
    {
        _page = new Uri(Regex.Match(line, @"http://[^\s""]+").Value);
        _http = new HttpClient { BaseAddress = _page, Timeout = Lines.Patience };
    }

    /// <summary>Looks, as a browser that has the page open does.</summary>
    public Task LookAsync() => _live.ConnectAsync(new Uri($"ws://{_page.Authority}/api/live"), CancellationToken.None).WaitAsync(Lines.Patience);

    /// <summary>Waits until the page has events of a kind in its first conversation; gives what was said with each, as it is kept.</summary>
    public async Task<string[]> FindAsync(string kind, int count = 1)
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        while (true)
        {
            using HttpResponseMessage answer = await _http.GetAsync("/api/conversations/1/events", patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                using JsonDocument told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
                int[] found = [.. told.RootElement.GetProperty("events").EnumerateArray().Where(each => each.GetProperty("kind").GetString() == kind).Select(each => each.GetProperty("index").GetInt32())];
                if (found.Length >= count)
                    return await Task.WhenAll(found.Select(index => _http.GetStringAsync($"/api/conversations/1/events/{index}/bytes", patience.Token)));
            }

            await Task.Yield();
        }
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    public void Dispose()
    {
        _live.Dispose();
        _http.Dispose();
    }
}
