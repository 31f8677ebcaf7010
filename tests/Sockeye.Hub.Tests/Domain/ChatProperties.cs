using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Domain;

/// <summary>Whatever people do, in whatever order, on one hub or on two that share a store and a bus.</summary>
public class ChatProperties
{
    private const int Clients = 6;

    private static readonly string[] Names = ["Tom", "Jack", "Rose", "T0M"];
    private static readonly string[] Rooms = ["lobby", "dev", "#Dev", "not a room"];

    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(SoakLevel.Scale(300, 20_000));

    private static Arbitrary<Step[]> Steps { get; } = (
        from who in Gen.Choose(0, Clients - 1)
        from what in Gen.Frequency((2, Gen.Constant('n')), (2, Gen.Constant('j')), (1, Gen.Constant('l')), (6, Gen.Constant('s')), (3, Gen.Constant('t')),
            (1, Gen.Constant('a')), (1, Gen.Constant('d')), (1, Gen.Constant('r')))
        from which in Gen.Choose(0, 3)
        from settles in Gen.Elements(true, true, false)
        select new Step(who, what, which, settles)).ArrayOf().ToArbitrary();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Everybody_in_a_room_sees_all_that_is_said_there_once_and_in_order(int hubs) => Prop.ForAll(Steps, steps => Play(hubs, steps, run =>
    {
        foreach (RecordingClient client in run.Everybody)
            CheckRooms(client);
    })).Check(Quiet);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whoever_says_something_has_one_answer_to_it(int hubs) => Prop.ForAll(Steps, steps => Play(hubs, steps, run =>
    {
        foreach ((RecordingClient client, string key) in run.Said)
        {
            int answers = client.Shown.Count(shown =>
                (shown is ChatEvent.Accepted accepted && accepted.Key == key) || (shown is ChatEvent.Refused refused && refused.Key == key));
            Assert.True(answers == 1 || (answers == 0 && run.Departed.Contains(client)), $"{answers} answers to {key}");
        }
    })).Check(Quiet);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_two_say_to_each_other_is_shown_to_them_only(int hubs) => Prop.ForAll(Steps, steps => Play(hubs, steps, run =>
    {
        foreach (RecordingClient client in run.Everybody)
        {
            MemberId[] own = [.. client.Shown.OfType<ChatEvent.Named>().Select(named => named.Member.Id)];
            foreach (Message message in Posted(client).Where(message => message.Conversation.IsDirect))
                Assert.Contains(own, member => message.Conversation.IsOpenTo(member));
        }
    })).Check(Quiet);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_page_knows_of_those_it_talks_with_whether_they_are_here(int hubs) => Prop.ForAll(Steps, steps => Play(hubs, steps, run =>
    {
        MemberId[] here = [.. run.Everybody.Except(run.Departed).SelectMany(NamesOf).Select(member => member.Id)];
        foreach (RecordingClient client in run.Everybody.Except(run.Departed).Where(client => client.IsPersonal && NamesOf(client).Any()))
        {
            MemberId me = NamesOf(client).First().Id;
            MemberId[] partners =
            [
                .. client.Shown.OfType<ChatEvent.Named>().SelectMany(named => named.Conversations).Select(view => view.Conversation).Concat(Posted(client).Select(message => message.Conversation))
                    .Where(conversation => conversation.IsDirect).Select(conversation => conversation.OtherThan(me)!.Id).Where(id => id != me).Distinct(),
            ];
            Dictionary<MemberId, bool> told = [];
            foreach (ChatEvent.PartnerChanged changed in client.Shown.OfType<ChatEvent.PartnerChanged>())
                told[changed.Who.Member.Id] = changed.IsHere;
            foreach (MemberId partner in partners)
                Assert.Equal(here.Contains(partner), told.GetValueOrDefault(partner));
        }
    })).Check(Quiet);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void When_all_have_gone_nothing_is_left_of_them(int hubs) => Prop.ForAll(Steps, steps => Play(hubs, steps, run =>
    {
        foreach (RecordingClient client in run.Everybody.Except(run.Departed))
            run.Hubs.Ask(new ChatInput.Depart(client));
        run.Hubs.SettleAsync().GetAwaiter().GetResult();
        foreach (Chat chat in run.Hubs.Chats)
            Assert.Equal(new ChatSizes(0, 0, 0, 0, 0, 0), chat.Sizes);
    })).Check(Quiet);

    /// <summary>Between coming into a room and leaving it, the numbers that are shown of it, others' and own, go up by one.</summary>
    private static void CheckRooms(RecordingClient client)
    {
        Dictionary<ConversationId, long> last = [];
        foreach (ChatEvent shown in client.Shown)
        {
            if (shown is ChatEvent.Joined joined)
            {
                if (last.TryGetValue(joined.Room.Conversation.Id, out long known))
                    Assert.Equal(known, joined.Room.LastNumber);
                last[joined.Room.Conversation.Id] = joined.Room.LastNumber;
            }

            if (shown is ChatEvent.Left left)
                last.Remove(left.Room.Id);
            Message? message = (shown as ChatEvent.Posted)?.Message ?? (shown is ChatEvent.Accepted { IsRepeated: false } accepted ? accepted.Message : null);
            if (message is null || message.Conversation.IsDirect || !last.TryGetValue(message.Conversation.Id, out long before))
                continue;
            Assert.Equal(before + 1, message.Number);
            last[message.Conversation.Id] = message.Number;
        }
    }

    private static IEnumerable<Member> NamesOf(RecordingClient client) => client.Shown.OfType<ChatEvent.Named>().Select(named => named.Member);

    private static IEnumerable<Message> Posted(RecordingClient client) => client.Shown.OfType<ChatEvent.Posted>().Select(posted => posted.Message);

    private static void Play(int hubs, Step[] steps, Action<Run> check)
    {
        Run run = new(new HubsInOneProcess(hubs));
        for (int i = 0; i < Clients; i++)
            run.Everybody.Add(run.Hubs.Arrive(i % hubs, i % 3 == 0 ? null : $"web:{i}"));
        foreach (Step step in steps)
        {
            RecordingClient client = run.Everybody[step.Who];
            run.Do(client, step);
            if (step.Settles)
                run.Hubs.SettleAsync().GetAwaiter().GetResult();
        }

        run.Hubs.SettleAsync().GetAwaiter().GetResult();
        check(run);
    }

    public sealed record Step(int Who, char What, int Which, bool Settles);

    private sealed record Run(HubsInOneProcess Hubs)
    {
        public List<RecordingClient> Everybody { get; } = [];

        public List<(RecordingClient Client, string Key)> Said { get; } = [];

        public HashSet<RecordingClient> Departed { get; } = [];

        public void Do(RecordingClient client, Step step)
        {
            string key = $"key {Said.Count}";
            switch (step.What)
            {
                case 'n':
                    Hubs.Ask(new ChatInput.TakeName(client, Names[step.Which]));
                    break;
                case 'j':
                    Hubs.Ask(new ChatInput.Join(client, Rooms[step.Which]));
                    break;
                case 'l':
                    Hubs.Ask(new ChatInput.Leave(client, Rooms[step.Which]));
                    break;
                case 's':
                    Say(new ChatInput.Say(client, Rooms[step.Which], $"said under {key}", key), key);
                    break;
                case 't':
                    Say(new ChatInput.Tell(client, Names[step.Which], $"told under {key}", key), key);
                    break;
                case 'a':
                    Hubs.Ask(new ChatInput.SetAway(client, step.Which == 0 ? null : "lunch"));
                    break;
                case 'r':
                    Hubs.Ask(new ChatInput.ListPeople(client, step.Which == 0 ? null : Rooms[step.Which]));
                    break;
                case 'd' when step.Which == 0:
                    Departed.Add(client);
                    Hubs.Ask(new ChatInput.Depart(client));
                    break;
            }
        }

        private void Say(ChatInput.FromClient input, string key)
        {
            Said.Add(((RecordingClient)input.Client, key));
            Hubs.Ask(input);
        }
    }
}
