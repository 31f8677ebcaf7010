using System.ComponentModel.DataAnnotations;

namespace Sockeye.Hub.Domain;

/// <summary>Everything that people can make grow, and how far.</summary>
public sealed record ChatLimits
{
    /// <summary>The room everybody without another comes into.</summary>
    public string Lobby { get; init; } = "lobby";

    /// <summary>The longest name of a member or a room, in characters as people count them.</summary>
    [Range(1, 64)]
    public int NameCharactersMax { get; init; } = 24;

    /// <summary>The longest message, in bytes of UTF-8.</summary>
    [Range(100, 32_000)]
    public int MessageBytesMax { get; init; } = 4000;

    /// <summary>The longest number that a client gives a message, in characters.</summary>
    [Range(36, 1000)]
    public int MessageKeyCharactersMax { get; init; } = 64;

    /// <summary>The longest reason to be away, in Unicode's code points.</summary>
    [Range(1, 400)]
    public int AwayCharactersMax { get; init; } = 80;

    /// <summary>The most rooms one member may be in.</summary>
    [Range(1, 400)]
    public int RoomsPerMemberMax { get; init; } = 50;

    /// <summary>
    /// The most rooms that are open at a time: with somebody in them. The lobby may always be open, so that whoever comes is somewhere; what another hub on the bus
    /// opened counts here, and was its to refuse.
    /// </summary>
    [Range(1, 1_000_000)]
    public int OpenRoomsMax { get; init; } = 10_000;

    /// <summary>In rooms with more people than this, nobody is told who comes and goes: telling all of all costs the square of their number.</summary>
    [Range(1, 1000)]
    public int AnnouncedPeopleMax { get; init; } = 50;

    /// <summary>The most people of one-to-one conversations of whom one client is told whether they are here.</summary>
    [Range(1, 10_000)]
    public int PartnersMax { get; init; } = 500;

    /// <summary>The most people that are listed at a time.</summary>
    [Range(1, 1000)]
    public int ListedPeopleMax { get; init; } = 200;

    /// <summary>The most clients that are listed at a time.</summary>
    [Range(1, 1000)]
    public int ListedClientsMax { get; init; } = 200;

    /// <summary>The most rooms that are listed at a time.</summary>
    [Range(1, 1000)]
    public int ListedRoomsMax { get; init; } = 200;

    /// <summary>The most messages that are read from the store at a time.</summary>
    [Range(10, 1000)]
    public int HistoryMessagesMax { get; init; } = 200;

    /// <summary>What one client may do.</summary>
    public Rate PerClient { get; init; } = new(Burst: 400, PerSecond: 25);

    /// <summary>What all clients of one host may do together.</summary>
    public Rate PerOrigin { get; init; } = new(Burst: 2000, PerSecond: 200);

    /// <summary>How often one client may say that it is writing.</summary>
    [Range(typeof(TimeSpan), "0:00:00", "0:01:00")]
    public TimeSpan TypingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest password, in characters.</summary>
    [Range(1, 64)]
    public int PasswordCharactersMin { get; init; } = 8;

    /// <summary>The longest password, in characters.</summary>
    [Range(64, 1000)]
    public int PasswordCharactersMax { get; init; } = 200;
}
