using System.Net;

namespace Sockeye;

/// <summary>Something on its way: between whom, and what its arrival does.</summary>
/// <param name="Flow">What it keeps its order with.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Whom it is for.</param>
/// <param name="IsDatagram">Whether it is lost where the way is cut; else it is kept until the way is whole again.</param>
/// <param name="Arrive">What happens then.</param>
/// <param name="Over">What happens when it has arrived or is lost; null for nothing.</param>
internal sealed record MemoryPacket(MemoryFlow Flow, EndPoint? From, EndPoint? To, bool IsDatagram, Action Arrive, Action? Over = null);
