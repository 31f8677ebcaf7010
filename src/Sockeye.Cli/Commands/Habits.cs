using System.CommandLine;

namespace Sockeye.Cli.Commands;

/// <summary>What fingers have learned from nc, ncat, socat and ping, and what it is called here.</summary>
internal static class Habits
{
    // A letter has several rows where verbs differ: the first option that the verb has is the one.
    private static readonly (string Typed, string Meant)[] Options =
    [
        ("-c", "--exec"), ("-C", "--crlf"), ("-d", "--no-stdin"), ("-e", "--exec"), ("-h", "--help"), ("-i", "--interval"), ("-i", "--idle"),
        ("-k", "--keep-open"), ("-k", "--insecure"), ("-q", "--linger"), ("-q", "--quiet"), ("-s", "--size"), ("-t", "--ttl"), ("-v", "--verbose"), ("-v", "--version"),
        ("-V", "--version"), ("-w", "--deadline"), ("-w", "--timeout"), ("-W", "--timeout"), ("-x", "--hex"),
    ];

    // What is said by the address.
    private static readonly (string Typed, string Advice)[] Addresses =
    [
        ("-4", "write tcp4://HOST:PORT"), ("-6", "write tcp6://HOST:PORT"), ("-l", "that is a verb: sockeye listen ADDRESS"),
        ("-N", "leave it out: the end of the input is sent anyway"), ("-p", "the port belongs to the address, as in tcp://localhost:8888"),
        ("-u", "write udp://HOST:PORT"), ("-U", "write unix://PATH"),
    ];

    /// <summary>What to try instead of an option that the verb does not have; null when nobody would be used to it.</summary>
    /// <param name="option">As it was typed.</param>
    /// <param name="command">The verb.</param>
    /// <param name="known">The options that it has.</param>
    public static string? Find(string option, Command command, IReadOnlyCollection<string> known)
    {
        string? meant = Options.Where(row => row.Typed == option).Select(row => row.Meant).FirstOrDefault(known.Contains);
        if (meant is not null)
            return $"did you mean {meant}?";
        return command.Arguments.Any(argument => argument.Name == "ADDRESS") ? Addresses.FirstOrDefault(row => row.Typed == option).Advice : null;
    }
}
