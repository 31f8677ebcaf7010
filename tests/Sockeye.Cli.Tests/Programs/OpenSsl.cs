using System.Diagnostics;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The program of that name; without it a test is skipped.</summary>
internal static class OpenSsl
{
    public static Process Start(params string[] arguments) => Start(Directory.GetCurrentDirectory(), arguments);

    /// <summary>In a folder.</summary>
    public static Process Start(string folder, string[] arguments)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "openssl"))), "openssl is not installed.");
        Process process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
