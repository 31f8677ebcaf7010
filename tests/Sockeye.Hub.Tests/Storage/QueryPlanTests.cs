using System.Reflection;
using Microsoft.Data.Sqlite;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Hub.Tests.Storage;

/// <summary>No statement of the store looks through a table: what it costs does not grow with what is kept.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_statement_finds_its_rows_by_a_key()
    {
        await SqliteStore.Open(_directory.File).DisposeAsync();
        using SqliteConnection connection = new($"Data Source={_directory.File};Pooling=False");
        connection.Open();
        using StoreTables tables = new(connection);
        object[] all = [tables.Members, tables.Conversations, tables.Messages];
        string[] statements = [.. all.SelectMany(table => table.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Select(field => field.GetValue(table)))
            .OfType<Statement>().Select(statement => statement.Sql)];

        Assert.NotEmpty(statements);
        Assert.DoesNotContain(statements, sql => !IsAboutAFew(sql) && PlanOf(connection, sql).Any(LooksThrough));
    }

    /// <summary>One invitation at most; one member with all its conversations, which are limited; and owners, who are asked for when the hub starts.</summary>
    private static bool IsAboutAFew(string sql) =>
        sql.Contains("invitations", StringComparison.Ordinal) || sql.Contains("FROM memberships m", StringComparison.Ordinal) || sql.Contains("WHERE is_owner", StringComparison.Ordinal);

    private static bool LooksThrough(string step) =>
        (step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("USING INDEX", StringComparison.Ordinal) && !step.Contains("USING COVERING INDEX", StringComparison.Ordinal)
            && step != "SCAN CONSTANT ROW")
        || step.Contains("TEMP B-TREE", StringComparison.Ordinal);

    private static List<string> PlanOf(SqliteConnection connection, string sql) =>
        new Statement(connection, "EXPLAIN QUERY PLAN " + sql).All(row => row.GetString(3), [.. Enumerable.Repeat<object?>(1L, 10).Take(CountParameters(sql))]);

    private static int CountParameters(string sql) => Enumerable.Range(0, 10).TakeWhile(i => sql.Contains($"@{i}", StringComparison.Ordinal)).Count();
}
