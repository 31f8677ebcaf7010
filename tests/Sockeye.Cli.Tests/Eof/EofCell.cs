namespace Sockeye.Cli.Tests.Eof;

/// <summary>Which side of the connection the program is.</summary>
public enum EofRole
{
    Client,
    Listener,
}

/// <summary>A direction, seen from the program: in is from the peer to its output, out from its input to the peer.</summary>
public enum EofDirection
{
    In,
    Out,
}

/// <summary>What the other direction does meanwhile.</summary>
public enum OtherDirection
{
    /// <summary>It is open, and nothing crosses it.</summary>
    Quiet,

    /// <summary>Nobody reads what crosses it, so that no more fits.</summary>
    Full,

    /// <summary>It has ended.</summary>
    Ended,
}

/// <summary>What is asked of the direction under test.</summary>
public enum EofQuestion
{
    /// <summary>Whether data still flows.</summary>
    Data,

    /// <summary>Whether its end passes.</summary>
    End,
}

/// <summary>One of the 24 cells: a direction is looked at while the other is in one of three states.</summary>
public sealed record EofCell(EofRole Role, EofDirection Direction, OtherDirection Other, EofQuestion Question)
{
    public static IReadOnlyList<EofCell> All { get; } =
    [
        .. from role in Enum.GetValues<EofRole>()
           from direction in Enum.GetValues<EofDirection>()
           from other in Enum.GetValues<OtherDirection>()
           from question in Enum.GetValues<EofQuestion>()
           select new EofCell(role, direction, other, question),
    ];
}
