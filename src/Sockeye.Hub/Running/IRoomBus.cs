using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Running;

/// <summary>
/// Carries what happens to every hub that shares a store, the hub it comes from too: what a hub's people see comes from here and nowhere else, so that one hub
/// and ten behave alike. Events of one conversation arrive everywhere in one order; an event may be lost with a hub or a broker, and the store's
/// numbers, which have no gaps, show it.
/// </summary>
internal interface IRoomBus
{
    /// <summary>Told of everything, from any thread. Set before the first <see cref="Publish"/>.</summary>
    Action<BusEvent>? Received { get; set; }

    /// <summary>Tells every hub. Does not wait.</summary>
    void Publish(BusEvent happened);
}
