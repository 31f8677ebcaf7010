using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>What can be typed.</content>
internal sealed partial class TextClient
{
    private static readonly string[] CommandNames = ["help", "name", "join", "leave", "rooms", "who", "msg", "history", "away", "password", "quit"];

    private const string Help = """
        * What you type goes to the room you are in. Commands:
          /name NAME          take another name
          /join ROOM          go into a room, or back to one you are in
          /leave [ROOM]       leave it
          /rooms              the rooms there are
          /who [ROOM]         who is in the room; /who * for everybody
          /msg NAME TEXT      say something to one person
          /history [N]        the last N messages of the room
          /away [WHY]         say that you are away; /away alone when you are back
          /password [TEXT]    keep your name by a password; without one, no longer
          /quit               good-bye; so does quit alone
          //TEXT              say a line that begins with a slash
        """;

    private ValueTask TakeLineAsync(string line)
    {
        ShowOnWire(line);
        string text = ChatText.CleanLine(line);
        if (text is "quit" or "/quit")
            return QuitAsync();
        if (text.StartsWith("//", StringComparison.Ordinal))
            return _hasName ? SayHereAsync(text[1..]) : TakeFirstNameAsync(text);
        if (text.StartsWith('/'))
            return CommandAsync(text);
        if (!_hasName)
            return TakeFirstNameAsync(text);
        return text.Length == 0 ? ValueTask.CompletedTask : SayHereAsync(text);
    }

    private ValueTask CommandAsync(string text)
    {
        (string word, string rest) = Split(text[1..]);
        string command = word.ToLowerInvariant();
        if (command == "help")
            return TellHelp();
        if (!_hasName && command is not "name")
        {
            Tell("! First say who you are: type a name.");
            return ValueTask.CompletedTask;
        }

        switch (command)
        {
            case "name":
                return NameAsync(rest);
            case "join" when rest.Length > 0:
                return AskAsync(new ChatInput.Join(this, rest), Awaited.Join);
            case "leave":
                return LeaveAsync(rest);
            case "rooms":
                return AskAsync(new ChatInput.ListRooms(this), Awaited.List);
            case "who":
                return AskAsync(new ChatInput.ListPeople(this, rest == "*" ? null : rest.Length > 0 ? rest : _room?.Room), Awaited.List);
            case "msg" or "tell":
                return MessageAsync(rest);
            case "history":
                return HistoryAsync(rest);
            case "away":
                return AwayAsync(rest);
            case "password":
                return AskAsync(new ChatInput.SetPassword(this, rest.Length > 0 ? rest : null), Awaited.Password);
            case "join":
                return Usage("/join ROOM");
            default:
                string nearest = NearestWord.Find(command, CommandNames) is { } known ? $"did you mean /{known}?" : "/help lists the commands.";
                Tell($"! There is no command /{word}: {nearest}");
                return ValueTask.CompletedTask;
        }
    }

    private async ValueTask TakeFirstNameAsync(string name)
    {
        if (name.Length == 0)
        {
            Tell("* What is your name?");
            return;
        }

        await AskAsync(new ChatInput.TakeName(this, name), Awaited.Name).ConfigureAwait(false);
        _hasName = _member is not null;
    }

    private ValueTask NameAsync(string name)
    {
        if (!_hasName)
            return TakeFirstNameAsync(name);
        return name.Length == 0 ? Usage("/name NAME") : AskAsync(new ChatInput.TakeName(this, name), Awaited.Name);
    }

    private ValueTask SayHereAsync(string text)
    {
        if (_room is { } room)
            return SayAsync(new ChatInput.Say(this, room.Room!, text));
        Tell("! You are in no room: /join one first.");
        return ValueTask.CompletedTask;
    }

    private ValueTask LeaveAsync(string room)
    {
        string? which = room.Length > 0 ? room : _room?.Room;
        if (which is not null)
            return AskAsync(new ChatInput.Leave(this, which), Awaited.Leave);
        Tell("! You are in no room.");
        return ValueTask.CompletedTask;
    }

    private ValueTask MessageAsync(string rest)
    {
        (string name, string text) = Split(rest);
        return text.Length > 0 ? SayAsync(new ChatInput.Tell(this, name.TrimStart('@'), text)) : Usage("/msg NAME TEXT");
    }

    private ValueTask HistoryAsync(string count)
    {
        int messages = TextDoor.HistoryShown;
        if (_room is not { } room)
            Tell("! You are in no room: /join one first.");
        else if (count.Length > 0 && (!int.TryParse(count, out messages) || messages < 1 || messages > _door.Limits.HistoryMessagesMax))
            Tell($"! /history takes a number from 1 to {_door.Limits.HistoryMessagesMax}.");
        else
            return AskAsync(new ChatInput.ReadHistory(this, room.Id, null, null, messages), Awaited.List);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwayAsync(string why)
    {
        await SettleAsync().ConfigureAwait(false);
        bool isBack = why.Length == 0 && _isAway;
        _isAway = !isBack;
        await _door.Loop.AskAsync(new ChatInput.SetAway(this, isBack ? null : why)).ConfigureAwait(false);
        Tell(isBack ? "* You are back." : "* You are away; /away alone when you are back.");
    }

    private ValueTask TellHelp()
    {
        Tell(Help.ReplaceLineEndings("\r\n"));
        return ValueTask.CompletedTask;
    }

    private ValueTask Usage(string usage)
    {
        Tell($"! It is {usage}.");
        return ValueTask.CompletedTask;
    }

    private static (string First, string Others) Split(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..].TrimStart());
    }
}
