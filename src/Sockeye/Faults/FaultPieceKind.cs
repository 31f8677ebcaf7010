namespace Sockeye;

/// <summary>What can wait to be passed on.</summary>
internal enum FaultPieceKind
{
    /// <summary>Bytes.</summary>
    Data,

    /// <summary>The end: FIN.</summary>
    End,

    /// <summary>A reset that came from the other side, for this one.</summary>
    Abort,

    /// <summary>A reset for both, after the bytes of a cut.</summary>
    Reset,

    /// <summary>The silence after the bytes of a cut.</summary>
    Silence,

    /// <summary>The same, with a reset of the side that the bytes went to.</summary>
    SilenceAndReset,
}
