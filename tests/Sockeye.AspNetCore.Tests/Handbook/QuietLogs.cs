namespace Sockeye.AspNetCore.Tests.Handbook;

/// <summary>Applications that are made as manuals show it log to the terminal; a test run has no use for that.</summary>
internal static class QuietLogs
{
    /// <summary>From now on, in this process.</summary>
    public static void Set() => Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "None");
}
