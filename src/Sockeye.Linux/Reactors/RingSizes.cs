namespace Sockeye;

/// <summary>How much room a reactor's ring has. The tests take little.</summary>
/// <param name="Submissions">Requests a turn, a power of two; more are submitted in between.</param>
/// <param name="Completions">Completions that wait, a power of two and no less than the submissions; the kernel keeps more elsewhere.</param>
/// <param name="Slots">Slots to receive into at most, a power of two.</param>
internal sealed record RingSizes(uint Submissions, uint Completions, int Slots)
{
    public static readonly RingSizes Default = new(Submissions: 256, Completions: 4096, ReceiveBuffers.SlotsMax) { Poisons = false };

    /// <summary>Whether the bytes of a slot are overwritten when it is given back, so that whoever still reads it notices.</summary>
    public bool Poisons { get; init; } = true;
}
