using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage.Sqlite;
using Sockeye.Hub.Tests.Children;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>Files that cannot be used: what is said of them, and that the store goes on when it can.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private readonly StoreDirectory _directory = new();
    private readonly List<string> _told = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_locked_file_refuses_and_when_it_is_free_the_store_goes_on()
    {
        await using SqliteStore store = Open();
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        using (SqliteConnection other = Connect())
        {
            StoreFile.Execute(other, "BEGIN IMMEDIATE");
            Assert.Equal("This was not kept, and so not done: another program has locked the hub's file. Try again later.", await TrySayAsync(store, client, tom, room));
        }

        Assert.Null(await TrySayAsync(store, client, tom, room));
        Assert.Equal([$"{_directory.File} is locked by another program: close that program, and it goes on by itself.", "recovered"], _told);
    }

    [Fact]
    public async Task What_is_said_to_a_file_that_was_removed_is_refused_until_it_is_back()
    {
        await using SqliteStore store = Open();
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        Assert.Null(await TrySayAsync(store, client, tom, room));
        File.Move(_directory.File, _directory.File + ".away");
        Assert.Equal("This was not kept, and so not done: the hub's file is not there. Try again later.", await TrySayAsync(store, client, tom, room));
        File.Move(_directory.File + ".away", _directory.File);

        Assert.Null(await TrySayAsync(store, client, tom, room));
        StoreResult read = await store.AskAsync(new StoreRequest.ReadHistory(client, tom.Id, room.Id, null, null, 10, null));
        Assert.Equal([1, 2], Assert.IsType<StoreResult.HistoryRead>(read).Messages.Select(message => message.Number));
        Assert.Equal("recovered", _told[^1]);
    }

    [Fact]
    public async Task A_damaged_page_refuses_those_who_need_it_and_nobody_else()
    {
        await using (SqliteStore before = Open())
        {
            (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(before);
            for (int i = 0; i < 200; i++)
                Assert.Null(await TrySayAsync(before, client, tom, room, new string('x', 500)));
        }

        // The first page of what was said, whose rows all begin at its end: where the tables themselves begin stays whole.
        await using (FileStream file = new(_directory.File, FileMode.Open))
        {
            int page = PageOfMessages();
            file.Position = (page - 1) * 4096L;
            await file.WriteAsync(new byte[4096]);
        }

        await using SqliteStore store = Open();
        (RecordingClient again, Member same, Conversation where) = await StoreChild.EnterAsync(store);
        StoreResult read = await store.AskAsync(new StoreRequest.ReadHistory(again, same.Id, where.Id, null, null, 200, null));
        Assert.Equal("This cannot be read just now: the hub's file is damaged. Try again later.", Assert.IsType<StoreResult.Failed>(read).Refusal.Text);
        Assert.Contains("restore", _told[0], StringComparison.Ordinal);
        Assert.IsType<StoreResult.RoomsListed>(await store.AskAsync(new StoreRequest.ListRooms(again, 10)));
        Assert.IsType<StoreResult.Identified>(await store.AskAsync(new StoreRequest.Identify(again, "Jack", "jack", "here", null)));
    }

    [Fact]
    public async Task One_request_that_cannot_be_done_fails_by_itself()
    {
        await using SqliteStore store = Open();
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        Member nobody = new(new MemberId(99), "Nobody");
        Task<string?>[] all = [.. Enumerable.Range(0, 30).Select(i => TrySayAsync(store, client, i % 10 == 5 ? nobody : tom, room))];
        string?[] refusals = await Task.WhenAll(all);

        Assert.All(refusals.Index(), entry => Assert.Equal(entry.Index % 10 == 5, entry.Item is not null));
        Assert.Equal(27, (await StoreChild.ReadAllAsync(_directory.File)).Count);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_refused()
    {
        SqliteStore store = Open();
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        await store.DisposeAsync();
        await store.DisposeAsync();

        Assert.Equal("This was not done: the hub ends.", await TrySayAsync(store, client, tom, room));
    }

    [Fact]
    public async Task What_came_before_the_end_is_done()
    {
        SqliteStore store = Open();
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        Task<string?>[] all = [.. Enumerable.Range(0, 500).Select(_ => TrySayAsync(store, client, tom, room))];
        await store.DisposeAsync();

        Assert.All(await Task.WhenAll(all), Assert.Null);
        Assert.Equal(500, (await StoreChild.ReadAllAsync(_directory.File)).Count);
    }

    [Fact]
    public async Task When_too_much_waits_more_is_refused()
    {
        await using SqliteStore store = SqliteStore.Open(_directory.File, StoreDirectory.Options with { WaitingRequestsMax = 10, LockTimeout = TimeSpan.FromMinutes(1) });
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        Task<string?>[] all;
        using (SqliteConnection other = Connect())
        {
            // The writer waits for the lock, so what comes meanwhile stays waiting.
            StoreFile.Execute(other, "BEGIN IMMEDIATE");
            all = [.. Enumerable.Range(0, 11).Select(_ => TrySayAsync(store, client, tom, room))];
            Assert.Equal("This was not done: too much waits for the hub's disk. Try again later.", await all[10]);
        }

        await Task.WhenAll(all);
        Assert.Null(await TrySayAsync(store, client, tom, room));
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        File.WriteAllText(_directory.File, new string('a', 5000));

        Assert.StartsWith($"{_directory.File} is not a database", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        using (SqliteConnection other = Connect())
            StoreFile.Execute(other, "CREATE TABLE theirs (x)");

        Assert.StartsWith($"{_directory.File} is the database of another program", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_programs_file_is_left_alone()
    {
        Schema newer = new([.. Enumerable.Repeat("SELECT 1", Schema.Current.Version), "CREATE TABLE newer (x)"]);
        await SqliteStore.Open(_directory.File, StoreDirectory.Options with { Schema = newer }).DisposeAsync();

        Assert.Contains($"its layout is number {newer.Version}, and this one knows up to {Schema.Current.Version}", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_file_is_brought_up_to_date_and_loses_nothing()
    {
        await using (SqliteStore before = Open())
        {
            (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(before);
            Assert.Null(await TrySayAsync(before, client, tom, room));
        }

        Schema next = new([.. Enumerable.Repeat("SELECT no_such_function()", Schema.Current.Version), "ALTER TABLE messages ADD COLUMN colour TEXT"]);
        await using SqliteStore store = SqliteStore.Open(_directory.File, StoreDirectory.Options with { Schema = next });
        (RecordingClient again, Member same, Conversation where) = await StoreChild.EnterAsync(store);
        StoreResult read = await store.AskAsync(new StoreRequest.ReadHistory(again, same.Id, where.Id, null, null, 10, null));
        Assert.Single(Assert.IsType<StoreResult.HistoryRead>(read).Messages);
        using SqliteConnection other = Connect();
        Assert.Equal("NULL", new Statement(other, "SELECT quote(colour) FROM messages").First(row => row.GetString(0)));
    }

    [Fact]
    public async Task A_migration_that_fails_changes_nothing()
    {
        await Open().DisposeAsync();
        Schema broken = new([.. Enumerable.Repeat("", Schema.Current.Version), "CREATE TABLE half (x); CREATE TABLE half (x)"]);

        Assert.Throws<HubDataException>(() => SqliteStore.Open(_directory.File, StoreDirectory.Options with { Schema = broken }));
        await using SqliteStore store = Open();
        await StoreChild.EnterAsync(store);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named()
    {
        string file = Path.Combine(_directory.Path, "none", "hub.db");

        Assert.Contains("is not there", Assert.Throws<HubDataException>(() => SqliteStore.Open(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_named()
    {
        Directory.CreateDirectory(_directory.File);

        Assert.StartsWith($"{_directory.File} cannot be opened", Refused(), StringComparison.Ordinal);
    }

    private SqliteStore Open() => SqliteStore.Open(
        _directory.File, StoreDirectory.Options with { OnFailing = error => _told.Add(error.Message), OnRecovered = () => _told.Add("recovered") });

    private string Refused() => Assert.Throws<HubDataException>(() => SqliteStore.Open(_directory.File, StoreDirectory.Options)).Message;

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new($"Data Source={_directory.File};Pooling=False");
        connection.Open();
        return connection;
    }

    private int PageOfMessages()
    {
        using SqliteConnection connection = Connect();
        return new Statement(connection, "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'").First(row => row.GetInt32(0));
    }

    /// <summary>Says something; null: it was kept.</summary>
    private static async Task<string?> TrySayAsync(SqliteStore store, RecordingClient client, Member member, Conversation room, string text = "hello")
    {
        StoreResult result = await store.AskAsync(new StoreRequest.Append(client, room, member, text, null, TimeProvider.System.GetUtcNow()));
        return (result as StoreResult.Failed)?.Refusal.Text;
    }
}
