using System.Reflection;

namespace Sockeye.Cli.Commands;

/// <summary>What needs no command tree.</summary>
internal static class QuickAnswers
{
    private const string ShortHelp = """
        Sockeye: sockets you can see.

        usage: sockeye VERB ADDRESS...

        verbs
          hub              be a chat that any socket can join: browser, telnet, nc, UDP, Unix sockets
          connect ADDRESS  talk to a server: what you type is sent, what comes is shown
          listen ADDRESS   be the other side of that, for one client or one after the other
          relay FROM TO    pass on connections, or datagrams, and the answers back
          tap FROM TO      the same, and show every byte of it as it passes
          replay FILE      play a recording back, as either side, and find where the answers differ
          serve SERVICE    be a server: chat, daytime, discard, echo, greet, hello or upper
          trace ADDRESS    the life of a connection as a timeline, and why it fails
          ping HOST        ask a host for echoes: round trips, and what is lost
          doctor           what keeps sockets from working on this machine, and what to do

        examples
          sockeye hub
              a chat: open http://127.0.0.1:8080 in a browser, or telnet 127.0.0.1 8888
          sockeye serve upper tcp://127.0.0.1:8080 udp://127.0.0.1:9000 unix://upper.sock
              answers in capitals, on three networks at once
          sockeye serve echo tcp://localhost:0
              any free port: the line "listening on" says which

        sockeye --help and sockeye VERB --help have the rest.

        """;

    public static string Version =>
        typeof(QuickAnswers).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string? For(string[] arguments) => arguments switch
    {
        [] => ShortHelp,
        ["--version"] => Version + "\n",
        _ => null,
    };
}
