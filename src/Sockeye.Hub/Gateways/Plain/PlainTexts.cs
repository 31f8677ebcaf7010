using System.Globalization;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Plain;

/// <summary>What the doors say whose clients read plain lines: each sentence once. A line of the hub's own begins with <c>*</c>, a refusal with <c>!</c>.</summary>
internal static class PlainTexts
{
    public const string InNoRoom = "! You are in no room: /join one first.";
    public const string GoodBye = "* Good-bye.";
    public const string NothingSaid = "* Nothing was said here yet.";

    /// <summary>What the commands are for that mean the same at every such door.</summary>
    public const string CommonHelp = """
            /join ROOM         go into a room, or back to one you are in
            /leave [ROOM]      leave it
            /rooms             which rooms there are
            /who [ROOM]        who is in the room; /who * for everybody here
            /msg NAME TEXT     say something to one person alone
            /history [COUNT]   the last messages of the room
            /away [WHY]        say that you are away; /back that you are back
        """;

    /// <summary>The commands that every such door has.</summary>
    public static readonly string[] CommandNames = ["help", "name", "join", "leave", "rooms", "who", "msg", "history", "away", "back", "password", "quit"];

    /// <summary>From so many letters on a word is known again with two slips of the finger, a shorter one with one.</summary>
    private const int LongWord = 5;

    /// <summary>The beginning of a welcome.</summary>
    public static string Hello(ChatEvent.Named named) =>
        $"* {(named.Conversations.Any(view => !view.Conversation.IsDirect) ? "Welcome back" : "Hello")}, {named.Member.Name}.";

    /// <summary>What happened to somebody else; null for what is not told of others.</summary>
    /// <param name="happened">What.</param>
    /// <param name="here">The room that the client is looking at.</param>
    public static string? OfOthers(ChatEvent happened, Conversation? here) => happened switch
    {
        ChatEvent.SomebodyEntered entered => $"* {entered.Who.Name} has come in{(entered.Room.Id == here?.Id ? "" : $"to #{entered.Room.Room}")}.",
        ChatEvent.SomebodyLeft left => $"* {left.Who.Name} has left{(left.Room.Id == here?.Id ? "" : $" #{left.Room.Room}")}.",
        ChatEvent.SomebodyChanged { FormerName: { } former } changed => $"* {former} is {changed.Who.Member.Name} now.",
        ChatEvent.SomebodyChanged { IsAwayChanged: true, Who: { Away: { } away } who } => $"* {who.Member.Name} is away{(away.Length > 0 ? $": {away}" : "")}.",
        ChatEvent.SomebodyChanged { IsAwayChanged: true } changed => $"* {changed.Who.Member.Name} is back.",
        _ => null,
    };

    public static string Renamed(Member member) => $"* You are {member.Name} now.";

    /// <summary>That the client is in a room: the one it looks at, or another.</summary>
    public static string Joined(ChatEvent.Joined joined, Member? you, bool isWatched) => isWatched
        ? $"* You are in #{joined.Room.Conversation.Room}. {PlainLists.People(joined.Here, you, "here")}"
        : $"* You are in #{joined.Room.Conversation.Room} too.";

    /// <summary>That the client is no longer in a room.</summary>
    /// <param name="room">Which.</param>
    /// <param name="wasWatched">Whether it was the one it looked at.</param>
    /// <param name="next">The one it looks at now; null: there is none.</param>
    public static string Left(Conversation room, bool wasWatched, Conversation? next)
    {
        string now = !wasWatched ? "" : next is null ? " You are in no room now: /join one." : $" You are in #{next.Room} now.";
        return $"* You have left #{room.Room}.{now}";
    }

    public static string People(PeopleView people, Member? you) =>
        $"* {PlainLists.People(people, you, people.Room is { } room ? $"in #{room.Room}" : "on this hub")}";

    public static string PasswordSet(bool hasPassword) =>
        hasPassword ? "* Your name is kept by that password now." : "* Your name is not kept by a password any more.";

    public static string Away(bool isAway) => isAway ? "* You are away; /back when you are back." : "* You are back.";

    /// <summary>The rooms there are.</summary>
    /// <param name="rooms">Which.</param>
    /// <param name="here">The one that the client is looking at.</param>
    /// <param name="isIn">Whether it is in one.</param>
    public static IEnumerable<string> Rooms(IReadOnlyList<RoomView> rooms, Conversation? here, Func<Conversation, bool> isIn)
    {
        if (rooms.Count == 0)
            yield return "* There are no rooms yet: /join NAME makes one.";
        foreach (RoomView room in rooms)
        {
            string people = string.Create(CultureInfo.InvariantCulture, $"{room.People} {(room.People == 1 ? "person" : "people")}");
            yield return $"* #{room.Room.Room}, {people}{(room.Room.Id == here?.Id ? ", where you are" : isIn(room.Room) ? ", with you" : "")}";
        }
    }

    /// <summary>How much was not shown.</summary>
    /// <param name="count">How many messages.</param>
    /// <param name="where">Where; null: it need not be said.</param>
    /// <param name="you">Who missed them.</param>
    public static string Missed(long count, Conversation? where, Member you)
    {
        string place = where is null ? "" : where.Room is { } room ? $" in #{room}" : $" from {where.OtherThan(you.Id)!.Name}";
        return string.Create(CultureInfo.InvariantCulture, $"… you missed {count} message{(count == 1 ? "" : "s")}{place}");
    }

    public static string Usage(string usage) => $"! It is {usage}.";

    public static string BadCount(int max) => $"! /history takes a number from 1 to {max}.";

    /// <summary>A command that there is not, and the one that may have been meant.</summary>
    public static string NoCommand(string command, IEnumerable<string> names)
    {
        string? known = NearestWord.Find(command, names);
        bool isSlip = known is not null && NearestWord.Distance(command, known) <= (known.Length < LongWord ? 1 : 2);
        string nearest = isSlip ? $"did you mean /{known}?" : "/help lists those there are.";
        return $"! There is no command /{command}: {nearest}";
    }
}
