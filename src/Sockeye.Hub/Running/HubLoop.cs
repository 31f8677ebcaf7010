using System.Threading.Channels;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Running;

/// <summary>
/// The one loop in which the chat lives: it takes what came since the last round, lets the chat handle it, does what the chat says, and then lets every client
/// that was shown something send it. What came in one round leaves in one write for each client.
/// </summary>
internal sealed class HubLoop
{
    /// <summary>How much clients may ask for before they wait for their turn.</summary>
    private const int RequestsMax = 4096;

    /// <summary>How much is handled before clients get what they were shown: a limit for what waits, not for how much goes together.</summary>
    private const int RoundMax = 1024;

    private readonly Chat _chat;
    private readonly IHubStore _store;
    private readonly IRoomBus _bus;
    private readonly TimeProvider _time;
    private readonly Channel<ChatInput> _requests = Channel.CreateBounded<ChatInput>(new BoundedChannelOptions(RequestsMax) { SingleReader = true });
    private readonly Channel<IReadOnlyList<ChatInput>> _answers = Channel.CreateUnbounded<IReadOnlyList<ChatInput>>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Rung after each write to either; one ring stands for many.</summary>
    private readonly Channel<byte> _bell = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Queue<ChatInput> _next = [];
    private readonly HashSet<IChatClient> _shown = [];

    /// <summary>Those that were gone before their arrival was handled, which waits among the requests and is overtaken.</summary>
    private readonly HashSet<IChatClient> _goneEarly = [];
    private volatile int _loopThread;

    public HubLoop(Chat chat, IHubStore store, IRoomBus bus, TimeProvider time)
    {
        _chat = chat;
        _store = store;
        _bus = bus;
        _time = time;
        store.Completed = results => Answer([.. results.Select(result => new ChatInput.FromStore(result))]);
        bus.Received = Hear;
    }

    /// <summary>Told of what went wrong in a client's own code; the loop goes on.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>Asks for something; waits while too much waits already, which holds back who asks and nobody else.</summary>
    public ValueTask AskAsync(ChatInput input, CancellationToken cancellationToken = default) =>
        TryAsk(input) ? ValueTask.CompletedTask : WaitAndAskAsync(input, cancellationToken);

    /// <summary>Asks for something unless too much waits already.</summary>
    public bool TryAsk(ChatInput input)
    {
        if (!_requests.Writer.TryWrite(input))
            return false;
        Ring();
        return true;
    }

    /// <summary>Takes what must not be held back: that somebody is gone.</summary>
    public void Tell(ChatInput input) => Answer([input]);

    /// <summary>Runs until <paramref name="stop"/> fires and what had come by then is done.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!Round())
                await WaitAsync(stop).ConfigureAwait(false);
        }

        while (Round())
        {
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await _bell.Reader.ReadAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }

    private async ValueTask WaitAndAskAsync(ChatInput input, CancellationToken cancellationToken)
    {
        await _requests.Writer.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        Ring();
    }

    private void Answer(IReadOnlyList<ChatInput> answers)
    {
        _answers.Writer.TryWrite(answers);
        Ring();
    }

    private void Ring() => _bell.Writer.TryWrite(0);

    private bool Round()
    {
        _loopThread = Environment.CurrentManagedThreadId;
        int handled = HandleAnswers(RoundMax);
        while (handled < RoundMax && _requests.Reader.TryRead(out ChatInput? request))
        {
            // Whoever tells that somebody is gone and then asks for that name is heard in this order.
            if (request is ChatInput.Arrive or ChatInput.TakeName)
                handled += HandleAnswers(int.MaxValue);
            Handle(request);
            handled++;
        }

        // None waits any more: who is among them still has never arrived, or is long gone.
        if (handled < RoundMax)
            _goneEarly.Clear();
        foreach (IChatClient client in _shown)
            Flush(client);
        _shown.Clear();
        _loopThread = 0;
        return handled > 0;
    }

    private int HandleAnswers(int max)
    {
        int handled = 0;
        while (handled < max && _answers.Reader.TryRead(out IReadOnlyList<ChatInput>? answers))
        {
            foreach (ChatInput answer in answers)
                Handle(answer);
            handled += answers.Count;
        }

        return handled;
    }

    private void Handle(ChatInput input)
    {
        if (input is ChatInput.Wake wake)
        {
            _shown.Add(wake.Client);
            return;
        }

        if (input is ChatInput.Depart { Client: var gone } && !_chat.Has(gone))
        {
            _goneEarly.Add(gone);
            return;
        }

        _next.Enqueue(input);
        if (input is ChatInput.Arrive { Client: var come } && _goneEarly.Remove(come))
            _next.Enqueue(new ChatInput.Depart(come));
        while (_next.TryDequeue(out ChatInput? next))
        {
            foreach (ChatEffect effect in _chat.Handle(next, _time.GetUtcNow()))
                Do(effect);
        }
    }

    private void Do(ChatEffect effect)
    {
        switch (effect)
        {
            case ChatEffect.Show show:
                Show(show.Client, show.Event);
                break;
            case ChatEffect.ShowAll all:
                foreach (IChatClient client in all.Clients)
                {
                    if (client != all.Except)
                        Show(client, all.Event);
                }

                break;
            case ChatEffect.Ask ask:
                _store.Submit(ask.Request);
                break;
            case ChatEffect.Publish publish:
                _bus.Publish(publish.Event);
                break;
        }
    }

    private void Show(IChatClient client, ChatEvent happened)
    {
        try
        {
            client.Show(happened);
            _shown.Add(client);
        }
        catch (Exception e)
        {
            OnError?.Invoke(e);
        }
    }

    /// <summary>What a bus tells in the midst of a round follows at once, in order; what comes from elsewhere waits for the next.</summary>
    private void Hear(BusEvent happened)
    {
        if (_loopThread == Environment.CurrentManagedThreadId)
            _next.Enqueue(new ChatInput.FromBus(happened));
        else
            Tell(new ChatInput.FromBus(happened));
    }

    private void Flush(IChatClient client)
    {
        try
        {
            client.Flush();
        }
        catch (Exception e)
        {
            OnError?.Invoke(e);
        }
    }
}
