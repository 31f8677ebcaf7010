using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Pages;

namespace Sockeye.Eye.Serving;

/// <summary>What goes wrong, to be read and changed while it does: GET and PUT.</summary>
internal static class EyeFaults
{
    public static async Task AnswerAsync(HttpContext http, FaultControl? faults)
    {
        if (faults is null)
        {
            await PageAnswers.SayAsync(http, StatusCodes.Status404NotFound, "There is nothing here to make go wrong.").ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsPut(http.Request.Method))
        {
            if (await ChangeAsync(http, faults).ConfigureAwait(false) is { } problem)
            {
                await PageAnswers.SayAsync(http, StatusCodes.Status400BadRequest, problem).ConfigureAwait(false);
                return;
            }
        }
        else if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD, PUT";
            await PageAnswers.SayAsync(http, StatusCodes.Status405MethodNotAllowed, "Faults are read by GET and set by PUT.").ConfigureAwait(false);
            return;
        }

        await TalkAnswers.SendAsync(http, EyeJson.Make(json => Write(json, faults))).ConfigureAwait(false);
    }

    /// <summary>What is wrong with the plan; null: it holds.</summary>
    private static async Task<string?> ChangeAsync(HttpContext http, FaultControl faults)
    {
        using StreamReader body = new(http.Request.Body);
        string text = await body.ReadToEndAsync(http.RequestAborted).ConfigureAwait(false);
        if (!FaultPlan.TryParse(text.Trim(), out FaultPlan? plan, out string? error))
            return error;
        try
        {
            faults.Plan = plan;
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static void Write(Utf8JsonWriter json, FaultControl faults)
    {
        FaultStatistics done = faults.Statistics;
        json.WriteString("plan", faults.Plan.ToString());
        json.WriteNumber("seed", faults.Seed);
        json.WriteStartObject("done");
        foreach ((string what, long count) in new[]
        {
            ("refused", done.Refused), ("delayed", done.Delayed), ("sliced", done.Sliced), ("merged", done.Merged), ("cut", done.Cut), ("halfOpened", done.HalfOpened), ("reset", done.Reset),
            ("closedSlowly", done.ClosedSlowly), ("dropped", done.Dropped), ("duplicated", done.Duplicated), ("reordered", done.Reordered), ("corrupted", done.Corrupted), ("overflowed", done.Overflowed),
        })
        {
            json.WriteNumber(what, count);
        }

        json.WriteEndObject();
    }
}
