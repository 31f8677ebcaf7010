using System.ComponentModel;
using System.Diagnostics;

namespace Sockeye.Bench.Race;

/// <summary>An echo server that prints its port and ends with its standard input.</summary>
/// <param name="Command">How it is started.</param>
internal sealed record EchoContender(string Name, string[] Schemes, Func<PeerPrograms, EchoPlace, ProcessStartInfo> Command) : Contender(Name, Schemes)
{
    /// <summary>A mode of this program, which can be asked for its managed memory.</summary>
    public bool IsManaged { get; init; }

    /// <summary>There is no machine on which it may be missing: an early end is a failure.</summary>
    public bool IsEverywhere { get; init; }

    public override RaceServer Start(Workload workload, PeerPrograms programs, Cores? cores)
    {
        string folder = PeerServer.CreateFolder();
        Child? child = null;
        try
        {
            EchoPlace place = workload.PlaceIn(folder);
            ProcessStartInfo start = Command(programs, place);
            start.RedirectStandardError = true;
            if (cores is not null)
                Cores.Pin(start, cores.Server);
            child = new Child(start);
            string port = child.ReadLine();
            return new RaceServer(child.Id, place.Path ?? port, IsManaged ? child : null, [child, new ScratchFolder(folder)]);
        }
        catch (Exception e)
        {
            child?.Dispose();
            Directory.Delete(folder, recursive: true);
            if (e is Win32Exception || (!IsEverywhere && e is InvalidOperationException))
                throw new LeftOutException(e.Message);
            throw;
        }
    }
}
