using System.CommandLine;
using System.CommandLine.Help;

namespace Sockeye.Cli.Commands;

/// <summary>The verbs.</summary>
internal static class CommandTree
{
    // Not a RootCommand: that one is named after the file, and brings directives of its own.
    public static Command Create(CliEnvironment environment)
    {
        Command root = new("sockeye", "Sockets you can see: talk, serve, relay, tap, replay, ping and trace, on any network.")
        {
            HubCommand.Create(environment),
            ConnectCommand.Create(environment),
            ListenCommand.Create(environment),
            RelayCommand.Create(environment),
            TapCommand.Create(environment),
            ReplayCommand.Create(environment),
            ServeCommand.Create(environment),
            PingCommand.Create(environment),
            TraceCommand.Create(environment),
            DoctorCommand.Create(environment),
            CompletionCommand.Create(environment),
            new VersionOption(),
        };
        root.Add(CompletionCommand.CreateAnswer(environment, root));
        HelpOption help = new() { Recursive = true };
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        root.Add(help);
        return root.WithExamples("sockeye hub", "sockeye connect tcp://127.0.0.1:8888", "sockeye relay --help", "sockeye serve chat --help");
    }
}
