namespace Sockeye.Hub.Domain;

/// <summary>A client as it is listed.</summary>
/// <param name="Number">Which: 1, 2, 3, … in the order they came since the hub was started.</param>
/// <param name="Client">It.</param>
/// <param name="Who">Who it is; null: it has no name yet.</param>
/// <param name="IsOwn">Whether it belongs to who asked: the same member, or the same browser. If not, who asked is an owner of the hub.</param>
internal sealed record ClientView(long Number, IChatClient Client, Member? Who, bool IsOwn);
