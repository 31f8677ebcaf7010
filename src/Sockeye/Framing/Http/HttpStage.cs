namespace Sockeye;

/// <summary>Which part of an HTTP message comes next.</summary>
internal enum HttpStage
{
    /// <summary>The start line and the headers.</summary>
    Head,

    /// <summary>The rest of a body whose end is known.</summary>
    Length,

    /// <summary>A chunk.</summary>
    Chunk,

    /// <summary>A trailer, or the empty line behind the last.</summary>
    Trailer,

    /// <summary>A body that ends with the stream.</summary>
    UntilEnd,
}
