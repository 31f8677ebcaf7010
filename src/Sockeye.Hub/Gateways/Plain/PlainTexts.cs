using System.Globalization;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Plain;

/// <summary>What the doors say whose clients read plain lines: each sentence once. A line of the hub's own begins with <c>*</c>, a refusal with <c>!</c>.</summary>
internal static class PlainTexts
{
    public const string SayWhoYouAre = "! First say who you are";
    public const string InNoRoom = "! You are in no room: /join one first.";
    public const string GoodBye = "* Good-bye.";
    public const string NothingSaid = "* Nothing was said here yet.";

    /// <summary>The commands that mean the same at every such door.</summary>
    public static readonly string[] CommandNames = ["help", "name", "join", "leave", "rooms", "who", "msg", "history", "away", "password", "quit"];

    /// <summary>What they are for, as every such door's help has it.</summary>
    public const string CommonHelp = """
          /name NAME          take another name
          /join ROOM          go into a room, or back to one you are in
          /leave [ROOM]       leave it
          /rooms              the rooms there are
          /who [ROOM]         who is in the room; /who * for everybody
          /msg NAME TEXT      say something to one person
          /history [N]        the last N messages of the room
          /away [WHY]         say that you are away; /away alone when you are back
        """;

    /// <summary>What happened to somebody else; null for what is not told of others.</summary>
    public static string? OfOthers(ChatEvent happened) => happened switch
    {
        ChatEvent.SomebodyEntered entered => $"* {entered.Who.Name} has come into #{entered.Room.Room}.",
        ChatEvent.SomebodyLeft left => $"* {left.Who.Name} has left #{left.Room.Room}.",
        ChatEvent.SomebodyChanged { FormerName: { } former } changed => $"* {former} is {changed.Who.Member.Name} now.",
        ChatEvent.SomebodyChanged { Who: { Away: { } away } who } => $"* {who.Member.Name} is away{(away.Length > 0 ? $": {away}" : "")}.",
        ChatEvent.SomebodyChanged changed => $"* {changed.Who.Member.Name} is back.",
        _ => null,
    };

    public static string Renamed(Member member) => $"* You are {member.Name} now.";

    public static string Joined(ChatEvent.Joined joined) => $"* You are in #{joined.Room.Conversation.Room}. {PlainLists.People(joined.Here, "here")[2..]}";

    /// <summary>Of a room that the member is in and the client does not look at.</summary>
    public static string JoinedToo(ChatEvent.Joined joined)
    {
        string? room = joined.Room.Conversation.Room;
        long missed = joined.Room.LastNumber - joined.Room.ReadNumber;
        return missed > 0 ? $"* You are in #{room} too, which has {missed} new messages: /join {room} goes there." : $"* You are in #{room} too.";
    }

    public static string Left(Conversation room) => $"* You have left #{room.Room}.";

    public static string PasswordSet(bool hasPassword) =>
        hasPassword ? "* Your name is kept by that password now." : "* Your name is not kept by a password any more.";

    public static string Away(bool isAway) => isAway ? "* You are away; /away alone when you are back." : "* You are back.";

    public static IEnumerable<string> Rooms(IReadOnlyList<RoomView> rooms) => rooms.Count == 0
        ? ["* There are no rooms yet: /join NAME makes one."]
        : rooms.Select(room => string.Create(CultureInfo.InvariantCulture, $"* #{room.Room.Room}, {room.People} {(room.People == 1 ? "person" : "people")}"));

    public static string Missed(long count, Conversation where) =>
        string.Create(CultureInfo.InvariantCulture, $"… you missed {count} messages{(where.Room is { } room ? $" in #{room}" : "")}");

    public static string Usage(string usage) => $"! It is {usage}.";

    public static string BadCount(int max) => $"! /history takes a number from 1 to {max}.";

    /// <summary>A command that there is not, and the one that may have been meant.</summary>
    public static string NoCommand(string command, IEnumerable<string> names)
    {
        string nearest = NearestWord.Find(command, names) is { } known ? $"did you mean /{known}?" : "/help lists the commands.";
        return $"! There is no command /{command}: {nearest}";
    }
}
