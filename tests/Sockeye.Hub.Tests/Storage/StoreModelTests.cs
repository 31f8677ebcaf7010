using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;
using Sockeye.Hub.Storage.Sqlite;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>Whatever is asked in whatever order, the file answers as the store in memory does, committed one by one or in groups, and after it was opened again.</summary>
public class StoreModelTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["tom", "jack", "rose", "anna"];
    private static readonly string[] Rooms = ["lobby", "dev", "ops"];

    private static readonly RecordingClient[] Clients =
    [
        new("here"), new("there"), new("web:1") { IsPersonal = true }, new("web:2") { IsPersonal = true },
    ];

    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(SoakLevel.Scale(30, 3000));

    private static Arbitrary<Step[]> Steps { get; } = (
        from what in Gen.Frequency((4, Gen.Constant('i')), (1, Gen.Constant('n')), (1, Gen.Constant('p')), (3, Gen.Constant('r')), (2, Gen.Constant('d')),
            (6, Gen.Constant('a')), (1, Gen.Constant('l')), (1, Gen.Constant('m')), (3, Gen.Constant('h')), (1, Gen.Constant('L')), (1, Gen.Constant('f')),
            (1, Gen.Constant('o')), (1, Gen.Constant('c')), (1, Gen.Constant('x')))
        from client in Gen.Choose(0, Clients.Length - 1)
        from one in Gen.Choose(0, 11)
        from other in Gen.Choose(0, 11)
        select new Step(what, client, one, other)).ArrayOf().ToArbitrary();

    [Fact]
    public void A_file_answers_as_the_model_does() => Prop.ForAll(Steps, steps => PlayAsync(steps).GetAwaiter().GetResult()).Check(Quiet);

    /// <summary>A step is made of what the model answered so far, so that most of what is asked for is there.</summary>
    private static async Task PlayAsync(Step[] steps)
    {
        using StoreDirectory directory = new();
        await using MemoryStore model = new();
        SqliteStore store = SqliteStore.Open(directory.File, StoreDirectory.Options);
        List<Member> members = [];
        List<Conversation> conversations = [];
        List<(StoreRequest Request, string Expected, Task<StoreResult> Answer)> open = [];
        try
        {
            foreach (Step step in steps)
            {
                if (step.What == 'x')
                {
                    await SettleAsync(open);
                    await store.DisposeAsync();
                    store = SqliteStore.Open(directory.File, StoreDirectory.Options);
                    continue;
                }

                if (ToRequest(step, members, conversations) is not { } request)
                    continue;
                StoreResult expected = await model.AskAsync(request);
                Learn(expected, members, conversations);

                // Answers that need a password, and all reading, are given beside the writer: what they are compared with is how it was when they were asked for.
                bool isAlone = request is StoreRequest.Identify or StoreRequest.SetPassword or StoreRequest.ReadHistory or StoreRequest.ListRooms or StoreRequest.FindByOrigin;
                if (isAlone)
                    await SettleAsync(open);
                open.Add((request, Describe(expected), store.AskAsync(request)));
                if (isAlone)
                    await SettleAsync(open);
            }

            await SettleAsync(open);
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static async Task SettleAsync(List<(StoreRequest Request, string Expected, Task<StoreResult> Answer)> open)
    {
        foreach ((StoreRequest request, string expected, Task<StoreResult> answer) in open)
            Assert.Equal($"{request.GetType().Name}: {expected}", $"{request.GetType().Name}: {Describe(await answer)}");
        open.Clear();
    }

    private static StoreRequest? ToRequest(Step step, List<Member> members, List<Conversation> conversations)
    {
        RecordingClient client = Clients[step.Client];
        string name = Names[step.Other % Names.Length];
        string password = $"password {step.Other % 2}";
        if (step.What == 'i')
            return new StoreRequest.Identify(client, name, name, client.Origin, step.One % 3 == 0 ? password : null);
        if (step.What == 'L')
            return new StoreRequest.ListRooms(client, 1 + (step.One % 3));
        if (step.What == 'f')
            return new StoreRequest.FindByOrigin(client, client.Origin);
        if (step.What == 'o')
            return new StoreRequest.InviteOwner(OwnerInvitation.HashOf($"{step.Other % 3}"), Noon.AddHours(step.One % 3), step.One > 8);
        if (members.Count == 0)
            return null;
        Member member = members[step.One % members.Count];
        if (step.What is 'n')
            return new StoreRequest.Rename(client, member.Id, name.ToUpperInvariant(), name);
        if (step.What is 'p')
            return new StoreRequest.SetPassword(client, member.Id, step.Other < 4 ? null : password);
        if (step.What is 'c')
            return new StoreRequest.ClaimOwner(client, member.Id, OwnerInvitation.HashOf($"{step.Other % 3}"), Noon.AddHours(1));
        if (step.What is 'r')
            return new StoreRequest.OpenRoom(client, member.Id, Rooms[step.Other % Rooms.Length], Rooms[step.Other % Rooms.Length]);
        if (step.What is 'd')
            return new StoreRequest.OpenDirect(client, member, name, null, null);
        if (conversations.Count == 0)
            return null;
        Conversation where = conversations[step.Other % conversations.Count];
        return step.What switch
        {
            'a' => new StoreRequest.Append(client, where, member, $"text {step.One} {step.Other}", step.Client == 0 ? null : $"{step.Other}", Noon.AddTicks(12_345_678)),
            'l' => new StoreRequest.LeaveRoom(member.Id, where.Id),
            'm' => new StoreRequest.MarkRead(member.Id, where.Id, step.Client * 2),
            'h' when step.Client == 0 => new StoreRequest.ReadHistory(client, member.Id, where.Id, null, null, 1 + step.One, null),
            'h' when step.Client == 1 => new StoreRequest.ReadHistory(client, member.Id, where.Id, step.One, null, 3, null),
            'h' when step.Client == 2 => new StoreRequest.ReadHistory(client, member.Id, where.Id, null, step.One, 3, null),
            _ => new StoreRequest.ReadHistory(client, member.Id, where.Id, 1, step.One, 3, null),
        };
    }

    private static void Learn(StoreResult result, List<Member> members, List<Conversation> conversations)
    {
        if (result is StoreResult.Identified identified && !members.Exists(member => member.Id == identified.Member.Id))
            members.Add(identified.Member);
        Conversation? opened = (result as StoreResult.RoomOpened)?.View.Conversation ?? (result as StoreResult.DirectOpened)?.View.Conversation;
        if (opened is not null && !conversations.Exists(conversation => conversation.Id == opened.Id))
            conversations.Add(opened);
    }

    private static string Describe(StoreResult result) => result switch
    {
        StoreResult.Identified identified => $"{identified.Member} in {string.Join("; ", identified.Conversations)}",
        StoreResult.Renamed renamed => $"{renamed.Member}",
        StoreResult.PasswordSet set => $"{set.Member}",
        StoreResult.RoomOpened opened => $"{opened.View}",
        StoreResult.DirectOpened opened => $"{opened.View}",
        StoreResult.Appended appended => $"{Describe(appended.Message)} {appended.Message.Conversation.Id} repeated: {appended.IsRepeated}",
        StoreResult.HistoryRead read => $"{read.Where}: {string.Join("; ", read.Messages.Select(Describe))} more: {read.HasMore}",
        StoreResult.RoomsListed listed => string.Join("; ", listed.Rooms),
        StoreResult.Found found => $"{found.Member}",
        StoreResult.OwnerInvited invited => $"{invited.IsNoted}",
        StoreResult.OwnerMade made => $"{made.Member}",
        StoreResult.Failed failed => $"{failed.Refusal}",
        _ => result.GetType().Name,
    };

    private static string Describe(Message message) => $"{message.Number} {message.Author} {message.AuthorName} {message.Text} {message.At:O}";

    /// <summary>What is asked for, by whom, and two numbers that choose of whom and of what.</summary>
    private sealed record Step(char What, int Client, int One, int Other);
}
