using System.Diagnostics.Metrics;

namespace Sockeye.Tests.Serving;

/// <summary>Listens to the library's instruments, and keeps what one server measured.</summary>
internal sealed class MeasuredInstruments : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _address;
    private readonly int? _port;
    private readonly MeterListener _listener = new();
    private readonly List<(string Instrument, double Value, string Tags)> _measurements = [];
    private readonly Dictionary<string, string?> _units = [];

    public MeasuredInstruments(Address address)
    {
        _address = address.Host.Length > 0 ? address.Host : $"{address.EndPoint}";
        _port = address.Host.Length > 0 ? address.Port : null;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "Sockeye")
                return;
            _units[instrument.Name] = instrument.Unit;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, string?> Units => _units;

    /// <summary>The sum of what an instrument measured, by its tags but those that name the server.</summary>
    public Dictionary<string, double> Sums(string instrument)
    {
        lock (_lock)
        {
            return _measurements.Where(measurement => measurement.Instrument == instrument)
                .GroupBy(measurement => measurement.Tags).ToDictionary(group => group.Key, group => group.Sum(measurement => measurement.Value));
        }
    }

    public int Count(string instrument)
    {
        lock (_lock)
            return _measurements.Count(measurement => measurement.Instrument == instrument);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, object?> all = new(tags.ToArray());
        if (!Equals(all.GetValueOrDefault("server.address"), _address) || !Equals(all.GetValueOrDefault("server.port"), _port))
            return;
        all.Remove("server.address");
        all.Remove("server.port");
        lock (_lock)
            _measurements.Add((instrument, value, string.Join(' ', all.Select(tag => $"{tag.Key}={tag.Value}"))));
    }
}
