using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>What can be typed.</content>
internal sealed partial class TextClient
{
    private static readonly string[] CommandNames = [.. PlainTexts.CommandNames, "owner"];

    private const string Help = $"""
        * What you type is said to the room you are in. Besides:
        {PlainTexts.CommonHelp}
            /name NAME         take another name
            /password          keep your name by a password
            /owner SECRET      become the owner of this hub
            /quit              leave; quit alone does too
            //TEXT             say a line that begins with a slash
        """;

    private ValueTask TakeLineAsync(string line)
    {
        ShowOnWire(line);
        bool isFirst = !_hasSpoken;
        _hasSpoken = true;
        if (isFirst && HttpRequest.Read(line) is { } request)
        {
            Write(request.Answer(_door.PageAddressAt(_connection.LocalEndPoint), _door.Time.GetUtcNow()));
            _isQuitting = true;
            return ValueTask.CompletedTask;
        }

        if (_prompt is not null)
            return TakePasswordAsync(line);
        string text = ChatText.CleanLine(line);
        PlainLine typed = PlainLine.Read(text);
        if (typed.Command is { } command)
            return CommandAsync(command, typed.Rest);
        if (!_hasName)
            return TakeFirstNameAsync(text, null);
        return text.Length == 0 ? ValueTask.CompletedTask : SayHereAsync(typed.Rest);
    }

    private ValueTask CommandAsync(string command, string rest)
    {
        if (command == "quit")
            return QuitAsync();
        if (!_hasName && CommandNames.Contains(command) && command is not ("help" or "name"))
            return TellThat("! First say who you are: type a name.");

        return command switch
        {
            "help" => TellThat(Help.ReplaceLineEndings("\r\n")),
            "name" => NameAsync(rest),
            "join" when rest.Length > 0 => AskAsync(new ChatInput.Join(this, rest), Awaited.Join),
            "join" => Usage("/join ROOM"),
            "leave" => LeaveAsync(rest),
            "rooms" => AskAsync(new ChatInput.ListRooms(this), Awaited.List),
            "who" => AskAsync(new ChatInput.ListPeople(this, rest == "*" ? null : rest.Length > 0 ? rest : _room?.Room), Awaited.List),
            "msg" => MessageAsync(rest),
            "history" => HistoryAsync(rest),
            "away" => AwayAsync(rest.Length > 0 || !_isAway ? rest : null),
            "back" => AwayAsync(null),
            "password" => PasswordAsync(rest),
            "owner" when rest.Length > 0 => AskAsync(new ChatInput.ClaimOwner(this, rest), Awaited.Owner),
            "owner" => Usage("/owner SECRET, with the secret that the hub printed when it started"),
            _ => TellThat(PlainTexts.NoCommand(command, CommandNames)),
        };
    }

    /// <summary>Comes in by a name.</summary>
    /// <param name="name">Which.</param>
    /// <param name="password">What keeps it, if it was said; null: it was not.</param>
    private async ValueTask TakeFirstNameAsync(string name, string? password)
    {
        if (name.Length == 0)
        {
            AskForName();
            return;
        }

        _passwordWanted = null;
        await AskAsync(new ChatInput.TakeName(this, name, password), Awaited.Name).ConfigureAwait(false);
        if (_member is not null)
            HasName();
        else if (_passwordWanted is { } why && !_isClosing)
            PasswordIsWanted(name, password is not null, why);
    }

    private ValueTask NameAsync(string rest)
    {
        (string name, string password) = PlainLine.Split(rest);
        if (name.Length == 0)
            return Usage("/name NAME");
        return _hasName
            ? AskAsync(new ChatInput.TakeName(this, rest), Awaited.Name)
            : TakeFirstNameAsync(name, password.Length > 0 ? password : null);
    }

    private ValueTask SayHereAsync(string text) =>
        _room is { } room ? SayAsync(new ChatInput.Say(this, room.Room!, text)) : TellThat(PlainTexts.InNoRoom);

    private ValueTask LeaveAsync(string room)
    {
        string? which = room.Length > 0 ? room : _room?.Room;
        return which is null ? TellThat(PlainTexts.InNoRoom) : AskAsync(new ChatInput.Leave(this, which), Awaited.Leave);
    }

    /// <summary>What follows waits: a message to one takes longer than one to the room, and would be overtaken.</summary>
    private async ValueTask MessageAsync(string rest)
    {
        (string name, string text) = PlainLine.Split(rest);
        if (text.Length == 0)
        {
            await Usage("/msg NAME TEXT").ConfigureAwait(false);
            return;
        }

        await SayAsync(new ChatInput.Tell(this, name.TrimStart('@'), text)).ConfigureAwait(false);
        await SettleAsync().ConfigureAwait(false);
    }

    private ValueTask HistoryAsync(string count)
    {
        int messages = _door.Limits.HistoryShown;
        if (_room is not { } room)
            return TellThat(PlainTexts.InNoRoom);
        if (count.Length > 0 && (!int.TryParse(count, out messages) || messages < 1 || messages > _door.ChatLimits.HistoryMessagesMax))
            return TellThat(PlainTexts.BadCount(_door.ChatLimits.HistoryMessagesMax));
        return AskAsync(new ChatInput.ReadHistory(this, room.Id, null, null, messages), Awaited.List);
    }

    /// <param name="why">Null: back.</param>
    private ValueTask AwayAsync(string? why) => AskAsync(new ChatInput.SetAway(this, why), Awaited.Away);

    private ValueTask Usage(string usage) => TellThat(PlainTexts.Usage(usage));

    private ValueTask TellThat(string line)
    {
        Tell(line);
        return ValueTask.CompletedTask;
    }
}
