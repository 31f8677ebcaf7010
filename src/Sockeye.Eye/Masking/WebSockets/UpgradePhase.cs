namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>What a client's bytes are.</summary>
internal enum UpgradePhase
{
    /// <summary>HTTP, as far as is known.</summary>
    Plain,

    /// <summary>Not HTTP: no upgrade can come.</summary>
    Other,

    /// <summary>A WebSocket was asked for, and the answer has not come: frames, or HTTP again.</summary>
    Asked,

    /// <summary>Bytes were missed that may have asked for one, or agreed to it.</summary>
    Unknown,

    /// <summary>A WebSocket's frames.</summary>
    WebSocket,
}
