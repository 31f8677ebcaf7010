using System.Net;

namespace Sockeye.Cli.Doctor;

/// <summary>A network interface.</summary>
/// <param name="Name">As the system calls it.</param>
/// <param name="IsUp">Whether it is switched on.</param>
/// <param name="IsLoopback">Whether it leads back here.</param>
/// <param name="Mtu">The largest packet in bytes; null: it does not say.</param>
/// <param name="Addresses">Its own.</param>
internal sealed record MachineLink(string Name, bool IsUp, bool IsLoopback, int? Mtu, IReadOnlyList<IPAddress> Addresses);
