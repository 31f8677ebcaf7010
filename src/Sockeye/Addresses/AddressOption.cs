namespace Sockeye;

/// <summary>One row of <see cref="AddressOptionTable"/>.</summary>
/// <param name="Name">The key, in lower case.</param>
/// <param name="Schemes">The schemes that take it.</param>
/// <param name="Expected">What a value has to look like, for messages.</param>
/// <param name="Read">The options with this one set; null when the value is wrong. The value is null for a bare key.</param>
/// <param name="Print">The canonical value; null when the option is not set.</param>
internal sealed record AddressOption(
    string Name,
    IReadOnlyList<string> Schemes,
    string Expected,
    Func<AddressOptions, string?, AddressOptions?> Read,
    Func<AddressOptions, string?> Print);
