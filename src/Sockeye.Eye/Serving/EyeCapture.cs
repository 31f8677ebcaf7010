using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>What is kept, as a pcapng file. Of a relay it is the client's side; what is masked stays masked.</summary>
internal static class EyeCapture
{
    /// <summary>So much is gathered before it is sent.</summary>
    private const int PieceBytes = 256 * 1024;

    public static async Task SendAsync(HttpContext http, DateTimeOffset startedAt, EyeRecording[] recordings, string name)
    {
        http.Response.ContentType = "application/x-pcapng";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.pcapng\"";
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        using MemoryStream gathered = new();
        using (PcapngConversationWriter writer = new(gathered))
        {
            foreach (EyeRecording recording in recordings)
                Begin(writer, recording);
            foreach ((int number, EyeEvent happened) in InOrder(recordings))
            {
                Write(writer, number, startedAt + happened.At, happened);

                // Whole pieces only: what the writer gathers comes when it has enough.
                if (gathered.Length > PieceBytes)
                    await SendAsync(http, gathered).ConfigureAwait(false);
            }
        }

        await SendAsync(http, gathered).ConfigureAwait(false);
    }

    private static async Task SendAsync(HttpContext http, MemoryStream gathered)
    {
        await http.Response.Body.WriteAsync(gathered.GetBuffer().AsMemory(0, (int)gathered.Length), http.RequestAborted).ConfigureAwait(false);
        gathered.SetLength(0);
    }

    private static IEnumerable<(int Number, EyeEvent Event)> InOrder(EyeRecording[] recordings) =>
        recordings.SelectMany(static recording => recording.Events.Select(happened => ((int)recording.Number, happened)))
            .OrderBy(static each => each.happened.At);

    private static void Begin(PcapngConversationWriter writer, EyeRecording recording)
    {
        int masked = recording.Events.Sum(static happened => happened.Masked);
        int leftOut = recording.Events.Length > 0 ? recording.Events[0].Index : 0;
        string[] notes =
        [
            .. masked > 0 ? [$"{masked.ToString(CultureInfo.InvariantCulture)} bytes that look like secrets are masked with *"] : Array.Empty<string>(),
            .. leftOut > 0 ? [$"{leftOut.ToString(CultureInfo.InvariantCulture)} older events are not kept any more"] : Array.Empty<string>(),
        ];
        writer.Begin((int)recording.Number, recording.Type, recording.Client, recording.Server, notes.Length > 0 ? string.Join("; ", notes) : null);
    }

    private static void Write(PcapngConversationWriter writer, int number, DateTimeOffset time, EyeEvent happened)
    {
        switch (happened.Kind)
        {
            case ConversationEventKind.Opened:
                writer.Open(number, time);
                break;
            case ConversationEventKind.Data when !happened.IsRepeat:
                writer.Write(number, time, happened.FromClient, happened.Offset, happened.OnTheWire());
                break;
            case ConversationEventKind.Ended when !happened.IsRepeat:
                writer.End(number, time, happened.FromClient);
                break;
            case ConversationEventKind.Reset:
                writer.Reset(number, time, happened.FromClient);
                break;
            default:
                break;
        }
    }
}
