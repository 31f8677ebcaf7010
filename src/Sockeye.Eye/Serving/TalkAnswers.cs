using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Pages;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>What a page may ask about one conversation: bytes, a search, frames, a capture, figures. docs/eye-web.md has all of it.</summary>
internal static class TalkAnswers
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>Answers a question.</summary>
    /// <param name="http">Who asks.</param>
    /// <param name="talk">About what.</param>
    /// <param name="question">What: the parts of the path behind the conversation.</param>
    public static Task AnswerAsync(HttpContext http, ITalk talk, string[] question) => question switch
    {
        ["events", var index, "bytes"] when ReadNumber(index) is { } at => BytesAsync(http, talk, at),
        ["search"] => SearchAsync(http, talk),
        ["frames"] => FramesAsync(http, talk),
        ["pcapng"] => talk.Record() is { } recording ? EyeCapture.SendAsync(http, talk.StartedAt, [recording], talk.FileName) : GoneAsync(http),
        ["plot"] => talk.Plot() is { } plot ? SendAsync(http, EyeJson.Make(json => EyeJson.WritePlot(json, plot))) : GoneAsync(http),
        _ => PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is nothing of that name: docs/eye-web.md says what there is."),
    };

    public static Task SendAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.Headers.CacheControl = "no-store";
        return PageAnswers.SendAsync(http, json, JsonType);
    }

    public static Task GoneAsync(HttpContext http) => PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "It is not kept, or not any more.");

    public static long? ReadNumber(string? number) => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static Task BytesAsync(HttpContext http, ITalk talk, long index)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Find(talk.Events(), index) is { } happened ? PageAnswers.SendAsync(http, happened.Data, "application/octet-stream") : GoneAsync(http);
    }

    private static Task SearchAsync(HttpContext http, ITalk talk)
    {
        if (EyeSearch.ReadPattern(http.Request.Query["text"], http.Request.Query["hex"]) is not { } pattern)
            return PageAnswers.SayAsync(http, StatusCodes.Status400BadRequest, $"Say what to search for: text=GET or hex=0d0a, at most {EyeLimits.SearchBytesMax} bytes.");
        return talk.Events() is { } events ? SendAsync(http, EyeJson.Make(json => WriteMatches(json, EyeSearch.Find(events, pattern)))) : GoneAsync(http);
    }

    private static Task FramesAsync(HttpContext http, ITalk talk)
    {
        string codec = http.Request.Query["codec"].ToString() is { Length: > 0 } named ? named : "lines";
        if (!Codecs.TryParse(codec, out FrameCodec<ReadOnlySequence<byte>>? frames, out string? error))
            return PageAnswers.SayAsync(http, StatusCodes.Status400BadRequest, error);
        EyeEvent[]? events = talk.Events();
        return Find(events, ReadNumber(http.Request.Query["event"]) ?? -1) is { } happened
            ? SendAsync(http, EyeJson.Make(json => new EyeFrames(frames, events!, happened).Write(json)))
            : GoneAsync(http);
    }

    private static EyeEvent? Find(EyeEvent[]? events, long index) => events is null ? null : Array.Find(events, each => each.Index == index);

    private static void WriteMatches(Utf8JsonWriter json, IEnumerable<int> matches)
    {
        json.WriteStartArray("matches");
        foreach (int index in matches)
            json.WriteNumberValue(index);
        json.WriteEndArray();
    }
}
