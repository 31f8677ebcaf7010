using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sockeye.Tests.Time;

namespace Sockeye.Eye.Tests;

/// <summary>Who may look, who may not, and what the page's address answers.</summary>
public class EyePageTests
{
    [Fact]
    public async Task On_loopback_whoever_is_here_may_look()
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Title = "a to b" });
        Assert.Equal(page.Address, page.Link);
        using HttpClient http = Client(page);
        using HttpResponseMessage answer = await http.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        using JsonDocument about = JsonDocument.Parse(await http.GetStringAsync("/api/about"));
        Assert.Equal("a to b", about.RootElement.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/conversations/7/events")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync("/api/conversations", null)).StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    public async Task Another_sites_page_may_not(string header, string value, HttpStatusCode expected)
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder });
        using HttpClient http = Client(page);
        foreach (string path in new[] { "/api/conversations", "/api/live", "/api/faults" })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(expected, (await http.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Elsewhere_a_visitor_needs_the_token_of_the_link_and_keeps_it_in_a_cookie()
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = "http://0.0.0.0:0" });
        Uri link = new(page.Link);
        string token = link.Query["?token=".Length..];
        Assert.InRange(token.Length, 32, 64);
        using HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{link.Port}/"), Timeout = Hang.Limit };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/conversations")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/live")).StatusCode);
        string other = token[..^1] + (token[^1] == 'x' ? 'y' : 'x');
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"/?token={other}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"/api/conversations?token={token}")).StatusCode);

        using HttpResponseMessage admitted = await http.GetAsync($"/?token={token}");
        Assert.Equal(HttpStatusCode.SeeOther, admitted.StatusCode);
        Assert.Equal("/", admitted.Headers.Location!.ToString());
        string cookie = Assert.Single(admitted.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using HttpRequestMessage visit = new(HttpMethod.Get, "/api/conversations");
        visit.Headers.TryAddWithoutValidation("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(visit)).StatusCode);
        using HttpRequestMessage program = new(HttpMethod.Get, "/api/conversations");
        program.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(program)).StatusCode);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://example.org:80")]
    [InlineData("tcp://127.0.0.1:0")]
    public async Task Other_addresses_are_refused(string address)
    {
        await using EyeRecorder recorder = new();
        await Assert.ThrowsAsync<NotSupportedException>(() => EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = address }));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_so()
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder });
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = page.Address }));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Contains($":{new Uri(page.Address).Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_is_told_the_list_and_the_events_it_asks_for_and_what_was_left_out()
    {
        await using EyeRecorder recorder = new(options: new EyeRecorderOptions { EventsPerConversationMax = 5 });
        await using EyePairs pairs = new(recorder);
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder });
        (Connection client, Connection server) = await pairs.ConnectAsync();
        for (int i = 0; i < 10; i++)
            await EyePairs.SayAsync(client, server, $"fish {i}\n");
        await recorder.FlushAsync();

        using ClientWebSocket socket = await LookAsync(page);
        using JsonDocument list = await HearAsync(socket, "conversations");
        Assert.Equal(1, list.RootElement.GetProperty("conversations")[0].GetProperty("id").GetInt64());
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"watch\":1,\"from\":0}"), WebSocketMessageType.Text, true, CancellationToken.None);
        using JsonDocument told = await HearAsync(socket, "events");
        Assert.Equal(5, told.RootElement.GetProperty("events").GetArrayLength());
        Assert.Equal(told.RootElement.GetProperty("count").GetInt32() - 5, told.RootElement.GetProperty("leftOut").GetInt32());

        await EyePairs.SayAsync(client, server, "one more\n");
        using JsonDocument more = await HearAsync(socket, "events");
        Assert.Equal(0, more.RootElement.GetProperty("leftOut").GetInt32());
        Assert.Equal(told.RootElement.GetProperty("next").GetInt32(), more.RootElement.GetProperty("events")[0].GetProperty("index").GetInt32());
    }

    [Fact]
    public async Task Any_free_port_of_localhost_will_do()
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = "http://localhost:0" });
        Assert.Equal(page.Address, page.Link);
        using HttpClient http = Client(page);
        Assert.Contains("<title>", await http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_is_told_how_it_ended_before_it_is_told_that_the_page_has()
    {
        ManualTimeProvider clock = new();
        await using EyeRecorder recorder = new();
        await using EyePairs pairs = new(recorder);
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, TimeProvider = clock });
        (Connection client, Connection server) = await pairs.ConnectAsync();
        await EyePairs.SayAsync(client, server, "fish\n");
        using ClientWebSocket socket = await LookAsync(page);
        using JsonDocument list = await HearAsync(socket, "conversations");
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"watch\":1,\"from\":0}"), WebSocketMessageType.Text, true, CancellationToken.None);
        using JsonDocument first = await clock.PassUntilAsync(HearAsync(socket, "events"));

        // As in a program that ends with its connection. The clock stands: it is not the browser's turn any more.
        await EyePairs.EndAsync(client, server);
        await recorder.DisposeAsync();
        Task ending = page.DisposeAsync().AsTask();
        string state = "";
        List<string> kinds = [];
        while (await HearNextAsync(socket) is { } told)
        {
            if (told.RootElement.GetProperty("type").GetString() == "events")
                kinds.AddRange(told.RootElement.GetProperty("events").EnumerateArray().Select(each => each.GetProperty("kind").GetString()!));
            else if (told.RootElement.GetProperty("conversations").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } conversation)
                state = conversation.GetProperty("state").GetString()!;
            told.Dispose();
        }

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal("closed", state);
        Assert.Equal("finished", kinds[^1]);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await ending.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Whoever_looks_is_waited_for_and_nobody_is_not()
    {
        ManualTimeProvider clock = new();
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, TimeProvider = clock });
        Assert.False(page.IsLookedAt);
        await page.WaitUntilLeftAsync().WaitAsync(Hang.Limit);

        using (HttpClient stranger = Client(page))
        {
            stranger.DefaultRequestHeaders.TryAddWithoutValidation("Origin", "http://evil.example");
            Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("/")).StatusCode);
        }

        Assert.False(page.IsLookedAt);
        ClientWebSocket socket = await LookAsync(page);
        Assert.True(page.IsLookedAt);
        Task leaving = page.WaitUntilLeftAsync();
        Assert.False(leaving.IsCompleted);
        socket.Dispose();
        await clock.PassUntilAsync(leaving);
        Assert.False(page.IsLookedAt);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    public async Task Secrets_are_shown_on_this_machine_only(string address)
    {
        await using EyeRecorder recorder = new(options: new EyeRecorderOptions { ShowSecrets = true });
        NotSupportedException refused = await Assert.ThrowsAsync<NotSupportedException>(() => EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = address }));
        Assert.Contains("for this machine alone", refused.Message, StringComparison.Ordinal);
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Address = "http://localhost:0" });
        using HttpClient http = Client(page);
        using JsonDocument about = JsonDocument.Parse(await http.GetStringAsync("/api/about"));
        Assert.True(about.RootElement.GetProperty("showsSecrets").GetBoolean());
    }

    [Fact]
    public async Task A_viewer_that_speaks_nonsense_is_closed_and_one_too_many_is_refused()
    {
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, ViewersMax = 1 });
        using ClientWebSocket first = await LookAsync(page);
        await HearAsync(first, "conversations");
        await Assert.ThrowsAsync<WebSocketException>(() => LookAsync(page));
        await first.SendAsync(Encoding.UTF8.GetBytes("{\"watch\":\"all\"}"), WebSocketMessageType.Text, true, CancellationToken.None);
        byte[] buffer = new byte[100];
        WebSocketReceiveResult received = await first.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Hang.Limit);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
    }

    [Fact]
    public async Task Bytes_frames_and_searches_are_answered_within_limits()
    {
        await using EyeRecorder recorder = new();
        await using EyePairs pairs = new(recorder);
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder });
        (Connection client, Connection server) = await pairs.ConnectAsync();
        await EyePairs.SayAsync(client, server, "SET fi");
        await EyePairs.SayAsync(client, server, "sh 7\nGET fish\n");
        await recorder.FlushAsync();
        using HttpClient http = Client(page);

        using JsonDocument events = JsonDocument.Parse(await http.GetStringAsync("/api/conversations/1/events"));
        int[] said = [.. events.RootElement.GetProperty("events").EnumerateArray().Where(each => each.TryGetProperty("preview", out _)).Select(each => each.GetProperty("index").GetInt32())];
        Assert.Equal(2, said.Length);
        Assert.Equal("sh 7\nGET fish\n", await http.GetStringAsync($"/api/conversations/1/events/{said[1]}/bytes"));

        // Across the cut, and in either case.
        Assert.Equal($$"""{"matches":[{{said[0]}},{{said[1]}}]}""", await http.GetStringAsync("/api/conversations/1/search?text=FISH"));
        Assert.Equal($$"""{"matches":[{{said[0]}}]}""", await http.GetStringAsync("/api/conversations/1/search?hex=666973682037"));
        Assert.Equal("""{"matches":[]}""", await http.GetStringAsync("/api/conversations/1/search?text=fish%208"));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/api/conversations/1/search?hex=6")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync($"/api/conversations/1/search?text={new string('a', 257)}")).StatusCode);

        using JsonDocument frames = JsonDocument.Parse(await http.GetStringAsync($"/api/conversations/1/frames?codec=lines&event={said[1]}"));
        Assert.Equal([0L, 11L], frames.RootElement.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("offset").GetInt64()));
        Assert.Equal(JsonValueKind.Null, frames.RootElement.GetProperty("error").ValueKind);
        using JsonDocument wrong = JsonDocument.Parse(await http.GetStringAsync($"/api/conversations/1/frames?codec=length:4&event={said[0]}"));
        Assert.NotEqual(JsonValueKind.Null, wrong.RootElement.GetProperty("error").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync($"/api/conversations/1/frames?codec=fish&event={said[0]}")).StatusCode);
    }

    [Fact]
    public async Task Faults_are_read_and_set_by_HTTP()
    {
        FaultControl faults = new(FaultPlan.Parse("delay=5ms"), [Address.Parse("tcp://127.0.0.1:1")], seed: 7);
        await using EyeRecorder recorder = new();
        await using EyePage page = await EyePage.StartAsync(new EyePageOptions { Recorder = recorder, Faults = faults });
        using HttpClient http = Client(page);
        using JsonDocument told = JsonDocument.Parse(await http.GetStringAsync("/api/faults"));
        Assert.Equal(("delay=5ms", 7), (told.RootElement.GetProperty("plan").GetString(), told.RootElement.GetProperty("seed").GetInt32()));
        using HttpResponseMessage set = await http.PutAsync("/api/faults", new StringContent("slice=1"));
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(FaultPlan.Parse("slice=1"), faults.Plan);
        foreach (string wrong in new[] { "slice=0", "duplicate=5%" })
        {
            using HttpResponseMessage refused = await http.PutAsync("/api/faults", new StringContent(wrong));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using HttpResponseMessage long_ = await http.PutAsync("/api/faults", new StringContent(new string('a', 5000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, long_.StatusCode);
        Assert.Equal(FaultPlan.Parse("slice=1"), faults.Plan);
        using HttpRequestMessage foreign = new(HttpMethod.Put, "/api/faults") { Content = new StringContent("reset") };
        foreign.Headers.TryAddWithoutValidation("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign)).StatusCode);
    }

    private static HttpClient Client(EyePage page) => new() { BaseAddress = new Uri(page.Address), Timeout = Hang.Limit };

    private static async Task<ClientWebSocket> LookAsync(EyePage page)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(page.Address.Replace("http:", "ws:", StringComparison.Ordinal) + "api/live"), CancellationToken.None).WaitAsync(Hang.Limit);
        return socket;
    }

    /// <summary>The next message of a type.</summary>
    private static async Task<JsonDocument> HearAsync(ClientWebSocket socket, string type)
    {
        while (true)
        {
            JsonDocument? told = await HearNextAsync(socket);
            Assert.NotNull(told);
            if (told.RootElement.GetProperty("type").GetString() == type)
                return told;
            told.Dispose();
        }
    }

    /// <summary>The next message; null: the page closes.</summary>
    private static async Task<JsonDocument?> HearNextAsync(ClientWebSocket socket)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[64 * 1024];
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Hang.Limit);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            Assert.Equal(WebSocketMessageType.Text, received.MessageType);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonDocument.Parse(message.ToArray());
    }
}
