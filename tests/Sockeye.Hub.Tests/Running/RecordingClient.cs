using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Tests.Running;

/// <summary>A client that remembers what it was shown.</summary>
internal sealed class RecordingClient(string origin = "here") : IChatClient
{
    public List<ChatEvent> Shown { get; } = [];

    public int Flushes { get; private set; }

    public string Door => "test";

    public string Origin => origin;

    public bool IsPersonal { get; init; }

    public IEnumerable<string> Heard => Shown.OfType<ChatEvent.Posted>().Select(posted => $"{posted.Message.AuthorName}: {posted.Message.Text}");

    /// <summary>Called with all it is shown.</summary>
    public Action<ChatEvent>? Showing { get; set; }

    public void Show(ChatEvent happened)
    {
        Shown.Add(happened);
        Showing?.Invoke(happened);
    }

    public void Flush() => Flushes++;
}
