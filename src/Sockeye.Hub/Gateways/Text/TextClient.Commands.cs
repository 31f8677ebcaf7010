using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>What can be typed.</content>
internal sealed partial class TextClient
{
    private const string Help = $"""
        * What you type goes to the room you are in. Commands:
        {PlainTexts.CommonHelp}
          /password [TEXT]    keep your name by a password; without one, no longer
          /quit               good-bye; so does quit alone
          //TEXT              say a line that begins with a slash
        """;

    private ValueTask TakeLineAsync(string line)
    {
        PlainLine typed = PlainLine.Read(ChatText.CleanLine(line));
        if (typed.Command is { } command)
            return CommandAsync(command, typed.Rest);
        if (!_hasName)
            return TakeFirstNameAsync(typed.Rest);
        return typed.Rest.Length == 0 ? ValueTask.CompletedTask : SayHereAsync(typed.Rest);
    }

    private ValueTask CommandAsync(string command, string rest)
    {
        if (command == "quit")
            return QuitAsync();
        if (command == "help")
            return TellHelp();
        if (!_hasName && command is not "name")
        {
            Tell($"{PlainTexts.SayWhoYouAre}: type a name.");
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
                Tell(PlainTexts.NoCommand(command, PlainTexts.CommandNames));
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
        Tell(PlainTexts.InNoRoom);
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
        (string name, string text) = PlainLine.Split(rest);
        return text.Length > 0 ? SayAsync(new ChatInput.Tell(this, name.TrimStart('@'), text)) : Usage("/msg NAME TEXT");
    }

    private ValueTask HistoryAsync(string count)
    {
        int messages = TextDoor.HistoryShown;
        if (_room is not { } room)
            Tell(PlainTexts.InNoRoom);
        else if (count.Length > 0 && (!int.TryParse(count, out messages) || messages < 1 || messages > _door.Limits.HistoryMessagesMax))
            Tell(PlainTexts.BadCount(_door.Limits.HistoryMessagesMax));
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
        Tell(PlainTexts.Away(!isBack));
    }

    private ValueTask TellHelp()
    {
        Tell(Help.ReplaceLineEndings("\r\n"));
        return ValueTask.CompletedTask;
    }

    private ValueTask Usage(string usage)
    {
        Tell(PlainTexts.Usage(usage));
        return ValueTask.CompletedTask;
    }
}
