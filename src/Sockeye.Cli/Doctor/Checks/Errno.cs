namespace Sockeye.Cli.Doctor.Checks;

/// <summary>errno(3), as Linux has them on every architecture .NET runs on.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoMemory = 12;
    public const int ProcessHasTooMany = 24;
    public const int SystemHasTooMany = 23;
    public const int NoSuchCall = 38;
}
