using System.Net.WebSockets;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Web;

/// <content>What the page is shown. All of it runs in the hub's loop.</content>
internal sealed partial class WebClient
{
    private TaskCompletionSource? _history;

    public void Show(ChatEvent happened)
    {
        if (happened is ChatEvent.Clients clients)
        {
            ShowClients(clients);
            return;
        }

        if (_door.Encode(happened) is { } message)
        {
            if (IsAnswer(happened))
                _outbox.Answer(message);
            else
                _outbox.Add(message);
        }

        if (happened is ChatEvent.Named)
            _nameless.Dispose();
        else if (happened is ChatEvent.History or ChatEvent.Refused { Tag: WebTag })
            Volatile.Read(ref _history)?.TrySetResult();
        else if (happened is ChatEvent.Closing)
            Close(WebSocketCloseStatus.EndpointUnavailable, null);
    }

    public void Flush() => _outbox.Flush();

    /// <summary>Whether the page itself is the cause. Whatever others cause must not be able to fill a page's queue until it is cut off.</summary>
    private static bool IsAnswer(ChatEvent happened) => happened is
        ChatEvent.Named or ChatEvent.Renamed or ChatEvent.Accepted or ChatEvent.Refused or ChatEvent.Joined or ChatEvent.Left or ChatEvent.Rooms
        or ChatEvent.People or ChatEvent.History or ChatEvent.DirectOpened or ChatEvent.PasswordSet or ChatEvent.BecameOwner or ChatEvent.Closing;

    private Task AwaitHistory()
    {
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _history, answered);
        return answered.Task;
    }

    private void Answer(byte[] message)
    {
        _outbox.Answer(message);
        _outbox.Flush();
    }
}
