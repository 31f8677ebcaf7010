using System.Globalization;
using Sockeye.Hub;

namespace Sockeye.Cli.Hubs;

/// <summary>Copies of what a hub keeps, and what is said of them.</summary>
internal static class HubCopies
{
    /// <summary>Makes one; what is said.</summary>
    /// <exception cref="HubDataException">It cannot be made.</exception>
    public static string Backup(string directory, string file, bool overwrite)
    {
        HubBackup.Backup(directory, file, overwrite);
        string bytes = string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length:#,0}");
        return $"{Path.GetFullPath(file)} has all of {Path.GetFullPath(directory)}, {bytes} bytes; `sockeye hub restore` puts it back";
    }

    /// <summary>Puts one back; what is said.</summary>
    /// <exception cref="HubDataException">It cannot be put back.</exception>
    public static string Restore(string directory, string file, TimeProvider time)
    {
        string? before = HubBackup.Restore(file, directory, time);
        string restored = $"{Path.GetFullPath(directory)} has what is in {Path.GetFullPath(file)}";
        return before is null ? restored : $"{restored}; what was there is kept in {before}";
    }
}
