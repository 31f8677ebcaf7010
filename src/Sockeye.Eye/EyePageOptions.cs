namespace Sockeye.Eye;

/// <summary>What an <see cref="EyePage"/> shows, and where.</summary>
public sealed record EyePageOptions
{
    /// <summary>The default of <see cref="ViewersMax"/>: 32.</summary>
    public const int ViewersMaxDefault = 32;

    private readonly int _viewersMax = ViewersMaxDefault;

    /// <summary>What it shows. The page does not dispose of it.</summary>
    public required EyeRecorder Recorder { get; init; }

    /// <summary>
    /// Where the page is: <c>http://</c> and an IP address, <c>localhost</c> or <c>*</c>, and a port; port 0 for any that is free. Loopback unless told, where whoever is on
    /// this machine may look. At any other address a visitor needs <see cref="EyePage.Link"/>, which has a token in it.
    /// </summary>
    public string Address { get; init; } = "http://127.0.0.1:0";

    /// <summary>What is looked at, as its heading: <c>tcp://127.0.0.1:5433 to tcp://127.0.0.1:5432</c>.</summary>
    public string Title { get; init; } = "";

    /// <summary>What can be made to go wrong from the page; null: nothing. Whoever may look may change it.</summary>
    public FaultControl? Faults { get; init; }

    /// <summary>How many browsers look at the same time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int ViewersMax
    {
        get => _viewersMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _viewersMax = value;
        }
    }

    /// <summary>The clock that paces what browsers are told.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
