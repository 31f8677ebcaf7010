namespace Sockeye.Hub.Gateways.Text;

/// <summary>Whom a <see cref="StreamOutbox"/> sends for.</summary>
internal interface IOutboxOwner
{
    /// <summary>All that waited is with the network, after <see cref="StreamOutbox.TellWhenEmpty"/>. From any thread.</summary>
    void OnOutboxEmpty();

    /// <summary>The connection cannot be written to any more. From any thread, once.</summary>
    void OnOutboxFailed(Exception error);
}
