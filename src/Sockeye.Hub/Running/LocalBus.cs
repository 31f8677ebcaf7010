using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Running;

/// <summary>The bus of a hub that is alone: what is told is heard at once.</summary>
internal sealed class LocalBus : IRoomBus
{
    public Action<BusEvent>? Received { get; set; }

    public void Publish(BusEvent happened) => Received?.Invoke(happened);
}
