using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>What can be typed.</content>
internal sealed partial class TextClient
{
    private static readonly string[] CommandNames =
        ["help", "name", "join", "leave", "rooms", "who", "msg", "history", "away", "password", "owner", "quit"];

    private const string Help = """
        * What you type is said to the room you are in. Besides:
            /join ROOM         go into a room, or back to one you are in
            /leave [ROOM]      leave it
            /rooms             which rooms there are
            /who [ROOM]        who is in the room; /who * for everybody here
            /msg NAME TEXT     say something to one person alone
            /history [COUNT]   the last messages of the room
            /away [WHY]        say that you are away, and again that you are back
            /name NAME         take another name
            /password          keep your name by a password
            /owner SECRET      become the owner of this hub
            /quit              leave; quit alone does too
            //TEXT             say a line that begins with a slash
        """;

    private ValueTask TakeLineAsync(string line)
    {
        bool isFirst = !_hasSpoken;
        _hasSpoken = true;
        if (isFirst && HttpRequest.Read(line) is { } request)
        {
            Write(request.Answer(_door.PageAddress, _door.Time.GetUtcNow()));
            _isQuitting = true;
            return ValueTask.CompletedTask;
        }

        if (_prompt is not null)
            return TakePasswordAsync(line);
        string text = ChatText.CleanLine(line);
        if (text is "quit" or "/quit")
            return QuitAsync();
        if (text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal))
            return CommandAsync(text);
        if (!_hasName)
            return TakeFirstNameAsync(text, null);
        if (text.Length == 0)
            return ValueTask.CompletedTask;
        return SayHereAsync(text.StartsWith('/') ? text[1..] : text);
    }

    private ValueTask CommandAsync(string text)
    {
        (string word, string rest) = Split(text[1..]);
        string command = word.ToLowerInvariant();
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
            "away" => AwayAsync(rest),
            "password" => PasswordAsync(rest),
            "owner" when rest.Length > 0 => AskAsync(new ChatInput.ClaimOwner(this, rest), Awaited.Owner),
            "owner" => Usage("/owner SECRET, with the secret that the hub printed when it started"),
            _ => Unknown(word),
        };
    }

    private ValueTask Unknown(string word)
    {
        string nearest = NearestWord.Find(word, CommandNames) is { } known ? $"did you mean /{known}?" : "/help lists those there are.";
        return TellThat($"! There is no command /{word}: {nearest}");
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
        (string name, string password) = Split(rest);
        if (name.Length == 0)
            return Usage("/name NAME");
        return _hasName
            ? AskAsync(new ChatInput.TakeName(this, rest), Awaited.Name)
            : TakeFirstNameAsync(name, password.Length > 0 ? password : null);
    }

    private ValueTask SayHereAsync(string text) =>
        _room is { } room ? SayAsync(new ChatInput.Say(this, room.Room!, text)) : TellThat("! You are in no room: /join one first.");

    private ValueTask LeaveAsync(string room)
    {
        string? which = room.Length > 0 ? room : _room?.Room;
        return which is null ? TellThat("! You are in no room.") : AskAsync(new ChatInput.Leave(this, which), Awaited.Leave);
    }

    /// <summary>What follows waits: a message to one takes longer than one to the room, and would be overtaken.</summary>
    private async ValueTask MessageAsync(string rest)
    {
        (string name, string text) = Split(rest);
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
        int messages = TextDoor.HistoryShown;
        if (_room is not { } room)
            return TellThat("! You are in no room: /join one first.");
        if (count.Length > 0 && (!int.TryParse(count, out messages) || messages < 1 || messages > _door.Limits.HistoryMessagesMax))
            return TellThat($"! /history takes a number from 1 to {_door.Limits.HistoryMessagesMax}.");
        return AskAsync(new ChatInput.ReadHistory(this, room.Id, null, null, messages), Awaited.List);
    }

    private async ValueTask AwayAsync(string why)
    {
        await SettleAsync().ConfigureAwait(false);
        await PaceAsync().ConfigureAwait(false);
        bool isBack = why.Length == 0 && _isAway;
        _isAway = !isBack;
        await _door.Loop.AskAsync(new ChatInput.SetAway(this, isBack ? null : why)).ConfigureAwait(false);
        Tell(isBack ? "* You are back." : "* You are away; /away alone when you are back.");
    }

    private ValueTask Usage(string usage) => TellThat($"! It is {usage}.");

    private ValueTask TellThat(string line)
    {
        Tell(line);
        return ValueTask.CompletedTask;
    }

    private static (string First, string Others) Split(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..].TrimStart());
    }
}
