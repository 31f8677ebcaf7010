namespace Sockeye.Cli.Doctor;

/// <summary>One thing that a check has found, in one sentence, and what to type about it.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What is so, and what it means.</param>
/// <param name="Advice">A command, or null where none helps or none is needed.</param>
internal sealed record Finding(Severity Severity, string Message, string? Advice = null)
{
    public static Finding Ok(string message) => new(Severity.Ok, message);

    public static Finding Note(string message, string? advice = null) => new(Severity.Note, message, advice);

    public static Finding Warning(string message, string? advice = null) => new(Severity.Warning, message, advice);

    public static Finding Problem(string message, string? advice = null) => new(Severity.Problem, message, advice);
}
