using System.ComponentModel;
using System.Diagnostics;

namespace Sockeye.Bench.Race;

/// <summary>An echo server that prints its port and ends with its standard input.</summary>
/// <param name="Command">How it is started.</param>
/// <param name="IsOurs">A mode of this program: there is no reason for it to be missing.</param>
internal sealed record EchoContender(string Name, string[] Schemes, Func<PeerPrograms, EchoPlace, ProcessStartInfo> Command, bool IsOurs = false) : Contender(Name, Schemes)
{
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
            return new RaceServer(child.Id, place.Path ?? port, IsOurs ? child : null, [child, new ScratchFolder(folder)]);
        }
        catch (Exception e)
        {
            child?.Dispose();
            Directory.Delete(folder, recursive: true);
            if (!IsOurs && e is Win32Exception or InvalidOperationException)
                throw new LeftOutException(e.Message);
            throw;
        }
    }
}
