using System.Diagnostics;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>A program that can be either side of a connection, between it and its standard streams.</summary>
/// <param name="Name">How the matrix calls it.</param>
/// <param name="Program">What to start.</param>
/// <param name="Arguments">Its arguments for a role, at a transport's address.</param>
public sealed record EofSubject(string Name, string Program, Func<EofRole, EofTransport, string[]> Arguments)
{
    public Process Start(EofRole role, EofTransport transport, (string Name, string Value)[]? environment = null)
    {
        ProcessStartInfo start = new(Program, Arguments(role, transport))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? [])
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
