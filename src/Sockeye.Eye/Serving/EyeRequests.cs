using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Pages;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>What the page's address answers: its files, and what was recorded, as JSON.</summary>
internal sealed class EyeRequests(EyePageOptions options, EyeGuard guard, EyeVisitors visitors)
{
    private const string Api = "/api/";

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

    private Task AskAsync(HttpContext http, string[] parts) => parts switch
    {
        ["about"] => TalkAnswers.SendAsync(http, EyeJson.Make(json =>
        {
            json.WriteNumber("version", 1);
            json.WriteString("title", options.Title);
            json.WriteString("startedAt", options.Recorder.StartedAt);
            json.WriteNumber("now", options.Recorder.Elapsed.TotalMilliseconds);
            json.WriteBoolean("showsSecrets", options.Recorder.Options.ShowSecrets);
            json.WriteBoolean("hasFaults", options.Faults is not null);
        })),
        ["conversations"] => TalkAnswers.SendAsync(http, EyeJson.Make(json => EyeJson.WriteList(json, options.Recorder, Memory.ChangedAfter(-1).Changed))),
        ["conversations", var number, "events"] when TalkAnswers.ReadNumber(number) is { } id => EventsAsync(http, id),
        ["pcapng"] => EyeCapture.SendAsync(http, options.Recorder.StartedAt, Memory.RecordAll(), "sockeye"),
        ["conversations", var number, .. var question] when TalkAnswers.ReadNumber(number) is { } id => TalkAnswers.AnswerAsync(http, new EyeTalk(options.Recorder, id), question),
        _ => PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is nothing of that name: docs/eye-web.md says what there is."),
    };

    private Task EventsAsync(HttpContext http, long number)
    {
        int after = (int)Math.Clamp(TalkAnswers.ReadNumber(http.Request.Query["from"]) ?? 0, 0, int.MaxValue);
        int count = (int)Math.Clamp(TalkAnswers.ReadNumber(http.Request.Query["count"]) ?? EyeLimits.EventsMax, 1, EyeLimits.EventsMax);
        return Memory.Look(number, conversation => new EyeConversationPart(conversation.From(after, count), conversation.FirstIndex, conversation.NextIndex)) is { } part
            ? TalkAnswers.SendAsync(http, EyeJson.Make(json => EyeJson.WriteEvents(json, number, after, part)))
            : TalkAnswers.GoneAsync(http);
    }
}
