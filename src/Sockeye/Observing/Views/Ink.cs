namespace Sockeye;

/// <summary>What a part of a line is, for its colour.</summary>
internal enum Ink
{
    Time,
    Client,
    Server,
    Event,
    Note,
    Error,
}
