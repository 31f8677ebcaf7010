namespace Sockeye.Cli.Doctor;

/// <summary>The headings.</summary>
internal static class DoctorGroup
{
    public const string Names = "names";
    public const string Network = "network";
    public const string Ports = "ports";
    public const string Limits = "limits";
    public const string Kernel = "kernel";
    public const string Surroundings = "surroundings";
}
