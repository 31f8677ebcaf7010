using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage.Sqlite;
using Sockeye.Hub.Tests.Children;
using Sockeye.Hub.Tests.Running;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>Copies of a store, made while it is written, and put back.</summary>
public sealed class HubBackupTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Copy => Path.Combine(_directory.Path, "copy");

    [Fact]
    public async Task A_backup_of_a_store_that_is_being_written_has_all_that_was_acknowledged_before()
    {
        await using SqliteStore store = SqliteStore.Open(_directory.File);
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        await SayAsync(store, client, tom, room, 1, 100);
        Task more = SayAsync(store, client, tom, room, 101, 400);
        HubBackup.Backup(_directory.Path, Copy);
        await more;

        List<Message> kept = await StoreChild.ReadAllAsync(Copy);
        Assert.InRange(kept.Count, 100, 400);
        Assert.Equal(Enumerable.Range(1, kept.Count).Select(i => $"{i}"), kept.Select(message => message.Text));
        Assert.Equal([Copy], Directory.GetFiles(_directory.Path, "copy*").Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Restoring_brings_back_what_was_there_and_keeps_what_is()
    {
        await FillAsync(10);
        HubBackup.Backup(_directory.Path, Copy);
        await FillAsync(5);

        string? aside = HubBackup.Restore(Copy, _directory.Path);

        Assert.Equal(10, (await StoreChild.ReadAllAsync(_directory.File)).Count);
        Assert.Equal(15, (await StoreChild.ReadAllAsync(aside!)).Count);
    }

    [Fact]
    public async Task What_a_killed_hub_left_in_its_log_is_not_taken_for_the_restored_stores()
    {
        await FillAsync(10);
        HubBackup.Backup(_directory.Path, Copy);
        using (Child child = Child.Start(StoreChild.Append, _directory.File, "0"))
        {
            for (int i = 0; i < 50; i++)
                Assert.NotNull(await child.ReadLineAsync());
            child.Kill();
        }

        Assert.True(new FileInfo(_directory.File + "-wal").Length > 0, "the killed process should have left a log");
        string? aside = HubBackup.Restore(Copy, _directory.Path);

        Assert.Equal(10, (await StoreChild.ReadAllAsync(_directory.File)).Count);
        Assert.True((await StoreChild.ReadAllAsync(aside!)).Count >= 60, "what was in the log should be with what is kept aside");
    }

    [Fact]
    public async Task A_backup_can_be_restored_where_there_is_nothing()
    {
        await FillAsync(10);
        HubBackup.Backup(_directory.Path, Copy);
        string elsewhere = Path.Combine(_directory.Path, "elsewhere");

        Assert.Null(HubBackup.Restore(Copy, elsewhere));
        Assert.Equal(10, (await StoreChild.ReadAllAsync(Path.Combine(elsewhere, "hub.db"))).Count);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_told()
    {
        await FillAsync(1);
        await File.WriteAllTextAsync(Copy, "precious");

        Assert.Contains(Copy, Assert.Throws<HubDataException>(() => HubBackup.Backup(_directory.Path, Copy)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Copy));
        HubBackup.Backup(_directory.Path, Copy, overwrite: true);
        Assert.Single(await StoreChild.ReadAllAsync(Copy));
    }

    [Fact]
    public async Task Where_no_file_can_be_is_told_in_the_words_of_who_typed_it()
    {
        await FillAsync(1);
        string nowhere = Path.Combine(_directory.Path, "nowhere");

        HubDataException missing = Assert.Throws<HubDataException>(() => HubBackup.Backup(_directory.Path, Path.Combine(nowhere, "copy.db")));
        Assert.EndsWith($"there is no directory {nowhere}.", missing.Message, StringComparison.Ordinal);
        HubDataException taken = Assert.Throws<HubDataException>(() => HubBackup.Backup(_directory.Path, _directory.Path));
        Assert.Contains("it is a directory", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_hub_runs_nothing_is_restored()
    {
        await FillAsync(1);
        HubBackup.Backup(_directory.Path, Copy);
        using DataDirectory running = DataDirectory.Open(_directory.Path);

        Assert.Contains("Another hub", Assert.Throws<HubDataException>(() => HubBackup.Restore(Copy, _directory.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backup_that_is_damaged_or_none_is_refused_and_the_store_stays(bool isDatabase)
    {
        await FillAsync(200);
        HubBackup.Backup(_directory.Path, Copy);
        byte[] bytes = await File.ReadAllBytesAsync(Copy);
        Array.Fill(bytes, (byte)0x5a, isDatabase ? bytes.Length / 2 : 0, bytes.Length / 2);
        await File.WriteAllBytesAsync(Copy, bytes);

        Assert.Contains(Copy, Assert.Throws<HubDataException>(() => HubBackup.Restore(Copy, _directory.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(200, (await StoreChild.ReadAllAsync(_directory.File)).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_backup_is_called_that()
    {
        string WhyNot() => Assert.Throws<HubDataException>(() => HubBackup.Restore(Copy, _directory.Path)).Message;
        await File.WriteAllTextAsync(Copy, new string('x', 10_000));
        Assert.Equal($"{Copy} is no backup of a hub: it is no database, or its beginning is damaged. Name a file that `sockeye hub backup` made.", WhyNot());

        File.Delete(Copy);
        using (SqliteConnection other = new($"Data Source={Copy};Pooling=False"))
        {
            other.Open();
            StoreFile.Execute(other, "CREATE TABLE songs (name TEXT)");
        }

        Assert.Equal($"{Copy} is no backup of a hub: it is the database of another program. Name a file that `sockeye hub backup` made.", WhyNot());

        File.Delete(Copy);
        Directory.CreateDirectory(Copy);
        Assert.Equal($"{Copy} is a directory: name a file that `sockeye hub backup` made.", WhyNot());
        Assert.False(File.Exists(_directory.File));
    }

    [Fact]
    public void Without_a_store_there_is_nothing_to_back_up()
    {
        Assert.Contains("--data DIR", Assert.Throws<HubDataException>(() => HubBackup.Backup(_directory.Path, Copy)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Copy));
    }

    private async Task FillAsync(int count)
    {
        await using SqliteStore store = SqliteStore.Open(_directory.File);
        (RecordingClient client, Member tom, Conversation room) = await StoreChild.EnterAsync(store);
        await SayAsync(store, client, tom, room, 1, count);
    }

    private static Task<StoreResult[]> SayAsync(SqliteStore store, RecordingClient client, Member member, Conversation room, int from, int to) => Task.WhenAll(
        Enumerable.Range(from, to - from + 1).Select(i => store.AskAsync(new StoreRequest.Append(client, room, member, $"{i}", null, TimeProvider.System.GetUtcNow()))));
}
