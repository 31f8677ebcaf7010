using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Pages;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>What the page's address answers: its files, and what was recorded, as JSON.</summary>
internal sealed class EyeRequests(EyePageOptions options, EyeGuard guard, EyeVisitors visitors)
{
    private const string Api = "/api/";
    private const string JsonType = "application/json; charset=utf-8";

    private static readonly PageFiles Files = new(typeof(EyePage).Assembly);
    private readonly EyeViewers _viewers = new(options);

    private EyeMemory Memory => options.Recorder.Memory;

    public async Task AnswerAsync(HttpContext http, CancellationToken stop)
    {
        PageAnswers.SetHeaders(http.Response.Headers);
        if (guard.Admit(http))
            return;
        string path = http.Request.Path.Value ?? "/";
        bool isLive = path == "/api/live";
        if (guard.Refuse(http, isLive) is var (status, why))
        {
            await PageAnswers.SayAsync(http, status, why).ConfigureAwait(false);
            return;
        }

        visitors.Come();
        try
        {
            await (isLive ? _viewers.ServeAsync(http, stop) : AnswerAsync(http, path)).ConfigureAwait(false);
        }
        finally
        {
            visitors.Leave();
        }
    }

    private Task AnswerAsync(HttpContext http, string path)
    {
        if (path == "/api/faults")
            return EyeFaults.AnswerAsync(http, options.Faults);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return PageAnswers.SayAsync(http, StatusCodes.Status405MethodNotAllowed, "There is nothing here to send to.");
        }

        if (path.StartsWith(Api, StringComparison.Ordinal))
            return AskAsync(http, path[Api.Length..].Split('/'));
        return Files.Find(path) is { } file
            ? PageAnswers.SendAsync(http, file)
            : PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is no such page: the eye is at /");
    }

    public static Task SendAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.Headers.CacheControl = "no-store";
        return PageAnswers.SendAsync(http, json, JsonType);
    }

    private Task AskAsync(HttpContext http, string[] parts) => parts switch
    {
        ["about"] => SendAsync(http, EyeJson.Make(json =>
        {
            json.WriteNumber("version", 1);
            json.WriteString("title", options.Title);
            json.WriteString("startedAt", options.Recorder.StartedAt);
            json.WriteNumber("now", options.Recorder.Elapsed.TotalMilliseconds);
            json.WriteBoolean("showsSecrets", options.Recorder.Options.ShowSecrets);
            json.WriteBoolean("hasFaults", options.Faults is not null);
        })),
        ["conversations"] => SendAsync(http, EyeJson.Make(json => EyeJson.WriteList(json, options.Recorder, Memory.ChangedAfter(-1).Changed))),
        ["conversations", var number, "events"] when Read(number) is { } id => EventsAsync(http, id),
        ["conversations", var number, "events", var index, "bytes"] when Read(number) is { } id && Read(index) is { } at => BytesAsync(http, id, at),
        ["conversations", var number, "search"] when Read(number) is { } id => SearchAsync(http, id),
        ["conversations", var number, "frames"] when Read(number) is { } id => FramesAsync(http, id),
        ["pcapng"] => EyeCapture.SendAsync(http, options.Recorder, Memory.RecordAll(), "sockeye"),
        ["conversations", var number, "pcapng"] when Read(number) is { } id => Memory.Look(id, static conversation => conversation.Record()) is { } recording
            ? EyeCapture.SendAsync(http, options.Recorder, [recording], $"sockeye-{id}")
            : GoneAsync(http),
        ["conversations", var number, "plot"] when Read(number) is { } id => PlotAsync(http, id),
        _ => PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is nothing of that name: docs/eye-web.md says what there is."),
    };

    private Task EventsAsync(HttpContext http, long number)
    {
        int after = (int)Math.Clamp(Read(http.Request.Query["from"]) ?? 0, 0, int.MaxValue);
        int count = (int)Math.Clamp(Read(http.Request.Query["count"]) ?? EyeLimits.EventsMax, 1, EyeLimits.EventsMax);
        return Memory.Look(number, conversation => new EyeConversationPart(conversation.From(after, count), conversation.FirstIndex, conversation.NextIndex)) is { } part
            ? SendAsync(http, EyeJson.Make(json => EyeJson.WriteEvents(json, number, after, part)))
            : GoneAsync(http);
    }

    private Task BytesAsync(HttpContext http, long number, long index) =>
        Memory.Look(number, conversation => conversation.Find((int)Math.Min(index, int.MaxValue))) is { } happened
            ? PageAnswers.SendAsync(http, happened.Data, "application/octet-stream")
            : GoneAsync(http);

    private Task SearchAsync(HttpContext http, long number)
    {
        if (EyeSearch.ReadPattern(http.Request.Query["text"], http.Request.Query["hex"]) is not { } pattern)
            return PageAnswers.SayAsync(http, StatusCodes.Status400BadRequest, $"Say what to search for: text=GET or hex=0d0a, at most {EyeLimits.SearchBytesMax} bytes.");
        return Memory.Look(number, static conversation => conversation.Events.ToArray()) is { } events
            ? SendAsync(http, EyeJson.Make(json => Write(json, "matches", EyeSearch.Find(events, pattern))))
            : GoneAsync(http);
    }

    private Task FramesAsync(HttpContext http, long number)
    {
        string codec = http.Request.Query["codec"].ToString() is { Length: > 0 } named ? named : "lines";
        if (!Codecs.TryParse(codec, out FrameCodec<System.Buffers.ReadOnlySequence<byte>>? frames, out string? error))
            return PageAnswers.SayAsync(http, StatusCodes.Status400BadRequest, error);
        long index = Read(http.Request.Query["event"]) ?? -1;
        if (Memory.Look(number, static conversation => conversation.Events.ToArray()) is not { } events || Array.Find(events, each => each.Index == index) is not { } happened)
            return GoneAsync(http);
        return SendAsync(http, EyeJson.Make(json => new EyeFrames(frames, events, happened).Write(json)));
    }

    private Task PlotAsync(HttpContext http, long number) =>
        Memory.Look(number, static conversation => Tuple.Create(conversation.Samples.Start, conversation.Samples.Width, conversation.Samples.ToArray())) is var (start, width, samples)
            ? SendAsync(http, EyeJson.Make(json => EyeJson.WritePlot(json, start, width, samples)))
            : GoneAsync(http);

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static Task GoneAsync(HttpContext http) => PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "It is not kept, or not any more.");

    private static long? Read(string? number) => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
