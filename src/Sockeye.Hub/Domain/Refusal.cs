namespace Sockeye.Hub.Domain;

/// <summary>Why something was not done.</summary>
/// <param name="Code">For programs: it does not change.</param>
/// <param name="Text">For people: why, and what to do.</param>
internal sealed record Refusal(RefusalCode Code, string Text);
