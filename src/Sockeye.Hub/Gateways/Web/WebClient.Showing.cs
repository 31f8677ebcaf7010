using System.Net.WebSockets;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Web;

/// <content>What the page is shown. All of it runs in the hub's loop.</content>
internal sealed partial class WebClient
{
    private TaskCompletionSource? _history;

    public void Show(ChatEvent happened)
    {
        switch (happened)
        {
            case ChatEvent.Posted or ChatEvent.SomebodyEntered or ChatEvent.SomebodyLeft or ChatEvent.SomebodyChanged or ChatEvent.SomebodyTypes
                or ChatEvent.SomebodyTypesToYou:
                _outbox.Add(_door.Encode(happened)!);
                return;
            case ChatEvent.Clients clients:
                ShowClients(clients);
                return;
            case ChatEvent.Named:
                _nameless.Dispose();
                break;
        }

        if (_door.Encode(happened) is { } message)
            _outbox.Answer(message);
        if (happened is ChatEvent.History or ChatEvent.Refused { Tag: WebTag })
            Volatile.Read(ref _history)?.TrySetResult();
        else if (happened is ChatEvent.Closing)
            Close(WebSocketCloseStatus.EndpointUnavailable, null);
    }

    public void Flush() => _outbox.Flush();

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
