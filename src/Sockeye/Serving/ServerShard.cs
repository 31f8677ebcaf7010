namespace Sockeye;

/// <summary>A server and one shard of one of its listeners: what the connections that came by it have in common.</summary>
internal sealed record ServerShard(Server Server, Listener Listener);
