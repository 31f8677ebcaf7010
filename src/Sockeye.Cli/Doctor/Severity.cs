namespace Sockeye.Cli.Doctor;

/// <summary>How bad it is. Their names in lower case are what is shown and what programs read.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing needs to be done.</summary>
    Note,

    /// <summary>Something does not work, or soon will not, for some programs or some peers.</summary>
    Warning,

    /// <summary>Sockets that programs count on do not work. The exit code says so.</summary>
    Problem,
}
