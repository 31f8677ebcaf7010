using System.Diagnostics.Metrics;

namespace Sockeye.Tests.Observing;

/// <summary>Listens to the instruments of sockets.</summary>
internal sealed class MeasuredSockets : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, long Value, KeyValuePair<string, object?>[] Tags)> _measurements = [];

    public MeasuredSockets()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("sockeye.socket.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (_lock)
                _measurements.Add((instrument.Name, value, tags.ToArray()));
        });
        _listener.Start();
    }

    /// <summary>What an instrument measured in all with these tags, by other tests too that measure such sockets.</summary>
    public long Sum(string instrument, params (string Name, string Value)[] tags)
    {
        lock (_lock)
        {
            return _measurements.Where(item => item.Instrument == instrument && Array.TrueForAll(tags, tag => item.Tags.Contains(new(tag.Name, tag.Value))))
                .Sum(item => item.Value);
        }
    }

    public void Dispose() => _listener.Dispose();
}
