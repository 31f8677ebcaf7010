using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether Unix sockets can be bound where programs put them: not every file system keeps them, and paths are short (unix(7)).</summary>
internal sealed class UnixSocketsCheck() : DoctorCheck(DoctorGroup.Surroundings, "unix-sockets", "whether Unix sockets can be bound in the temporary and the hub's data directory")
{
    private const string HubSocket = "hub.sock";
    private static readonly int PathBytesMax = OperatingSystem.IsMacOS() ? 103 : 107; // sun_path without its zero

    public override ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken) =>
        new([Judge(machine, machine.TemporaryDirectory, "export TMPDIR=/tmp"), Judge(machine, machine.DataDirectory, "export XDG_DATA_HOME=/tmp")]);

    private static Finding Judge(Machine machine, string directory, string advice)
    {
        // Of a name no longer than the hub's, so that what fits fits both.
        string path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId % 1_000_000:x}.sk"));
        int length = Encoding.UTF8.GetByteCount(Path.Combine(directory, HubSocket));
        if (length > PathBytesMax)
            return Finding.Problem($"the path of a Unix socket in {directory} has {length} bytes, and at most {PathBytesMax} are possible", advice);
        if (!machine.HasDirectory(directory))
            return directory == machine.DataDirectory
                ? Finding.Ok($"{directory} is not there yet; a Unix socket's path there is short enough")
                : Finding.Problem($"there is no directory {directory}", advice);
        try
        {
            machine.Bind(new UnixDomainSocketEndPoint(path), ProtocolType.IP);
            return Finding.Ok($"Unix sockets can be bound in {directory}");
        }
        catch (SocketException e)
        {
            return Finding.Problem($"no Unix socket can be bound in {directory}: {e.Message}", advice);
        }
    }
}
