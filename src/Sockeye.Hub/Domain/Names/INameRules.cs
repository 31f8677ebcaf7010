namespace Sockeye.Hub.Domain;

/// <summary>What may be a name, and which names are the same to the eye.</summary>
internal interface INameRules
{
    /// <summary>Reads a name.</summary>
    /// <param name="text">What somebody typed.</param>
    /// <param name="charactersMax">The longest, in characters as people count them.</param>
    /// <param name="name">The name as it shall be shown.</param>
    /// <param name="key">The name as it is compared: names that look alike have the same.</param>
    /// <returns>Why it cannot be one, and what to do; null: it can.</returns>
    string? Read(string text, int charactersMax, out string name, out string key);
}
