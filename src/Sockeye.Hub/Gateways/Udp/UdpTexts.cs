using System.Globalization;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>What only the UDP door says.</summary>
internal static class UdpTexts
{
    /// <summary>It fits into one datagram.</summary>
    public const string Help = $"""
        * What you send is said to your contact, or else to the room. Besides:
            @NAME TEXT         say one thing to one person; /to NAME: all that follows
            quit               leave your contact, or else the chat; /quit leaves the chat
            /name NAME         take another name
        {PlainTexts.CommonHelp}
            /listen            be sent at once what others say; /listen off: in answers
            /more              what is new, or left of an answer; so does an empty datagram
            #17 TEXT           with a number of yours: saying it again doubles nothing
            // @@ ##           say a line that begins with one of these
        """;

    public const string Hello = "What you send is said to the room; /help lists what else you can do. If your program listens all the time, say /listen.";
    public const string More = "* What is new:";
    public const string NothingNew = "* Nothing new.";
    public const string Unknown = "! This hub does not know you, or has started anew: send /name NAME, then /to NAME if you had a contact, then this again.";
    public const string NotUtf8 = "! That is not UTF-8 and was not taken.";
    public const string TooFast = "! Too many datagrams in too short a time: this one was not taken. Wait a little.";
    public const string TooManyWait = "! Too much of yours waits to be answered: this was not taken. Send it again.";
    public const string Busy = "! The hub is busy: this was not taken. Send it again.";
    public const string Closing = "! The hub is closing: come again.";
    public const string NumberAlone = "#NUMBER TEXT";
    public const string Listening = "* What others say is sent to you when they say it; /listen off: with the answers to what you send.";
    public const string NotListening = "* What others say comes with the answers to what you send; /more asks for it.";
    public const string NoToken = "* No token is needed here.";

    public const string ClearPassword =
        "! By UDP a password would cross the network for all to read: it works from the hub's own machine only. Use the page, or the text door with TLS.";

    /// <summary>The commands here.</summary>
    public static readonly string[] CommandNames = [.. PlainTexts.CommandNames, "to", "listen", "more", "token"];

    public static string TooLong(int bytesMax) => $"! A datagram has {bytesMax} bytes at most, and this one was not taken: say it in parts.";

    public static string Receipt(Message message, MemberId author, bool isRepeated)
    {
        string where = message.Conversation.OtherThan(author) is { } other && message.Conversation.IsDirect ? $"@{other.Name}" : $"#{message.Conversation.Room}";
        return string.Create(CultureInfo.InvariantCulture, $"ok {message.Number} {where}{(isRepeated ? " again" : "")}");
    }

    public static string ContactIs(Member contact) => $"* What you send goes to {contact.Name} now; quit leaves.";

    /// <summary>The name of the contact is somebody else's now.</summary>
    public static string AnotherContact(Member contact) => $"! That went to another {contact.Name} than before: the one you talked to has gone, or has another name.";

    public static string ContactLeft(Member contact, Conversation? room) =>
        $"* You have left {contact.Name}{(room is null ? "" : $"; what you send goes to #{room.Room}")}.";

    public static string Idle(TimeSpan silence) => string.Create(
        CultureInfo.InvariantCulture, $"* You have sent nothing for {silence.TotalMinutes:0} minutes and are no longer here: /name NAME when you are back.");

    /// <summary>Behind the refusal of a name that is here from the asker's own address.</summary>
    public static string TryAgainSoon(TimeSpan silence) =>
        string.Create(CultureInfo.InvariantCulture, $" If it is yours, from a program that has ended: try again in {silence.TotalSeconds:0} s.");
}
