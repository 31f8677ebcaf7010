namespace Sockeye.Hub.Gateways.Text;

/// <summary>What the next line is: a password.</summary>
/// <param name="Name">Of this name, to come in; null: a new one for the client's own name.</param>
/// <param name="Typed">The new one as it was typed the first time; null: this is the first time.</param>
internal sealed record PasswordPrompt(string? Name, string? Typed = null)
{
    /// <summary>Nothing of what was typed, for whoever prints this.</summary>
    public override string ToString() => nameof(PasswordPrompt);
}
