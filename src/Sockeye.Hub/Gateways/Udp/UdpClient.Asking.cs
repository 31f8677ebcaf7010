using System.Net;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Plain;

namespace Sockeye.Hub.Gateways.Udp;

/// <content>What can be sent, and what it asks the chat for.</content>
internal sealed partial class UdpClient
{
    /// <summary>The most earlier sessions with the same words under the same number from the same port that are told apart in a way that outlives the hub.</summary>
    private const int FormerSessionsMax = 8;

    private Awaited _awaited;

    /// <summary>The datagram that is to be answered, while something is awaited.</summary>
    private UdpRequest _current;

    /// <summary>Who what it says goes to; null: to the room.</summary>
    private Member? _contact;
    private Conversation? _contactConversation;
    private int _formerSessions;
    private bool _isAway;

    /// <summary>What the chat is to answer before the datagram can be.</summary>
    private enum Awaited : byte
    {
        Nothing,
        Receipt,

        /// <summary>The first name, the rooms that come with it, and what was missed there.</summary>
        Welcome,
        Name,
        Join,
        Leave,
        List,
        History,
        Contact,
        Password,
        Away,
    }

    private void Handle(UdpRequest request)
    {
        switch (request.Kind)
        {
            case UdpRequestKind.Empty when request.Number is not null:
                Answer(request, PlainTexts.Usage(UdpTexts.NumberAlone));
                break;
            case UdpRequestKind.Empty:
                AnswerMore(request);
                break;
            case UdpRequestKind.NotUtf8:
                Answer(request, UdpTexts.NotUtf8);
                break;
            case UdpRequestKind.TooLong:
                Answer(request, UdpTexts.TooLong(_door.DatagramBytesMax));
                break;
            case UdpRequestKind.ToOne when request.Name.Length == 0 || request.Text.Length == 0:
                Answer(request, PlainTexts.Usage("@NAME TEXT, or /to NAME"));
                break;
            case UdpRequestKind.ToOne or UdpRequestKind.Message:
                _formerSessions = 0;
                Say(request, null);
                break;
            default:
                Command(request);
                break;
        }
    }

    private void Command(UdpRequest request)
    {
        string rest = request.Text;
        switch (request.Name)
        {
            case "help":
                Answer(request, UdpTexts.Help);
                break;
            case "more":
                AnswerMore(request);
                break;
            case "listen" when rest is "" or "off":
                Listen(request);
                break;
            case "token":
                Answer(request, UdpTexts.NoToken);
                break;
            case "quit":
                Quit(request);
                break;
            case "name":
                TakeName(request);
                break;
            case "to" when rest.Length > 0:
                Ask(request, Awaited.Contact, new ChatInput.OpenDirect(this, rest.TrimStart('@')));
                break;
            case "join" when rest.Length > 0:
                Ask(request, Awaited.Join, new ChatInput.Join(this, rest));
                break;
            case "leave" when rest.Length > 0 || _room is not null:
                Ask(request, Awaited.Leave, new ChatInput.Leave(this, rest.Length > 0 ? rest : _room!.Room!));
                break;
            case "rooms":
                Ask(request, Awaited.List, new ChatInput.ListRooms(this));
                break;
            case "who":
                Ask(request, Awaited.List, new ChatInput.ListPeople(this, rest == "*" ? null : rest.Length > 0 ? rest : _room?.Room));
                break;
            case "history":
                History(request);
                break;
            case "away":
                Ask(request, Awaited.Away, new ChatInput.SetAway(this, request.Text.Length > 0 || !_isAway ? request.Text : null));
                break;
            case "back":
                Ask(request, Awaited.Away, new ChatInput.SetAway(this, null));
                break;
            case "password":
                SetPassword(request);
                break;
            case "to":
                Answer(request, PlainTexts.Usage("/to NAME"));
                break;
            case "join":
                Answer(request, PlainTexts.Usage("/join ROOM"));
                break;
            case "listen":
                Answer(request, PlainTexts.Usage("/listen, or /listen off"));
                break;
            case "leave":
                Answer(request, PlainTexts.InNoRoom);
                break;
            default:
                Answer(request, PlainTexts.NoCommand(request.Name, UdpTexts.CommandNames));
                break;
        }
    }

    private void Ask(UdpRequest request, Awaited awaited, ChatInput input)
    {
        if (!_door.Loop.TryAsk(input))
        {
            Answer(request, UdpTexts.Busy);
            if (Member is null)
                End();
            return;
        }

        _current = request;
        _awaited = awaited;
    }

    /// <param name="request">What is to be said.</param>
    /// <param name="former">A message of an earlier session that has its number; null: none is known of.</param>
    private void Say(UdpRequest request, Message? former)
    {
        string? key = request.Number is null ? null : MessageKeys.Of(Address, request, former, _formerSessions > FormerSessionsMax ? _numbersSince : null);
        if (request.Kind == UdpRequestKind.ToOne)
            Ask(request, Awaited.Receipt, new ChatInput.Tell(this, request.Name, request.Text, key));
        else if (_contact is { } contact)
            Ask(request, Awaited.Receipt, new ChatInput.Tell(this, contact.Name, request.Text, key));
        else if (_room is { } room)
            Ask(request, Awaited.Receipt, new ChatInput.Say(this, room.Room!, request.Text, key));
        else
            Answer(request, PlainTexts.InNoRoom);
    }

    /// <summary>
    /// Of two datagrams with one number and the same words the second is the first again, if the first is of this session, or so young that it may be from before a
    /// start of the hub. Who counts from 1 anew next week says something new.
    /// </summary>
    private bool IsOfFormerSession(ChatEvent.Accepted accepted) =>
        accepted.IsRepeated && accepted.Message.At < _numbersSince && ++_formerSessions <= FormerSessionsMax + 1;

    private void Listen(UdpRequest request)
    {
        _isListening = request.Text != "off";
        Answer(request, _isListening ? UdpTexts.Listening : UdpTexts.NotListening);
    }

    private void Quit(UdpRequest request)
    {
        if (_contact is { } contact && !request.IsSlashed)
        {
            (_contact, _contactConversation) = (null, null);
            Answer(request, UdpTexts.ContactLeft(contact, _room));
            return;
        }

        Answer(request, PlainTexts.GoodBye);
        _door.Clients.SaidGoodBye(Address, _door.Time.GetUtcNow());
        End();
    }

    private void TakeName(UdpRequest request)
    {
        (string name, string password) = PlainLine.Split(request.Text);
        if (name.Length == 0)
        {
            Answer(request, PlainTexts.Usage("/name NAME"));
        }
        else if (password.Length > 0 && !IsHere)
        {
            Answer(request, UdpTexts.ClearPassword);
            if (Member is null)
                End();
        }
        else if (Member is not null)
        {
            Ask(request, Awaited.Name, new ChatInput.TakeName(this, name));
        }
        else
        {
            _door.FindGuest(Address.Address, name)?.TryGiveWay();
            Ask(request, Awaited.Welcome, new ChatInput.TakeName(this, name, password.Length > 0 ? password : null));
        }
    }

    private void History(UdpRequest request)
    {
        int messages = _door.Limits.HistoryShown;
        if ((_contactConversation ?? _room) is not { } where)
            Answer(request, PlainTexts.InNoRoom);
        else if (request.Text.Length > 0 && (!int.TryParse(request.Text, out messages) || messages < 1 || messages > _door.Limits.HistoryMax))
            Answer(request, PlainTexts.BadCount(_door.Limits.HistoryMax));
        else
            Ask(request, Awaited.History, new ChatInput.ReadHistory(this, where.Id, null, null, messages));
    }

    private void SetPassword(UdpRequest request)
    {
        if (IsHere)
            Ask(request, Awaited.Password, new ChatInput.SetPassword(this, request.Text.Length > 0 ? request.Text : null));
        else
            Answer(request, UdpTexts.ClearPassword);
    }

    /// <summary>Whether it is on the hub's own machine, where nobody listens in on the way.</summary>
    private bool IsHere => IPAddress.IsLoopback(Address.Address);
}
