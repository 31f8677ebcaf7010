using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>Who has a name, where they came from, and who may own the hub.</summary>
internal sealed class MemberTable(SqliteConnection connection)
{
    private const string Columns = "SELECT id, name, is_owner, password, origin FROM members ";

    private readonly Statement _byKey = new(connection, Columns + "WHERE key = @0");
    private readonly Statement _byId = new(connection, Columns + "WHERE id = @0");
    private readonly Statement _byOrigin = new(connection, Columns + "WHERE key IS NOT NULL AND id = (SELECT member FROM sessions WHERE origin = @0)");
    private readonly Statement _add = new(connection, "INSERT INTO members (name, key, origin) VALUES (@0, @1, @2)");
    private readonly Statement _lastId = new(connection, "SELECT last_insert_rowid()");
    private readonly Statement _freeKey = new(connection, "UPDATE members SET key = NULL WHERE key = @0");
    private readonly Statement _rename = new(connection, "UPDATE members SET name = @1, key = @2 WHERE id = @0");
    private readonly Statement _setPassword = new(connection, "UPDATE members SET password = @1 WHERE id = @0");
    private readonly Statement _makeOwner = new(connection, "UPDATE members SET is_owner = 1 WHERE id = @0");
    private readonly Statement _owners = new(connection, "SELECT 1 FROM members WHERE is_owner LIMIT 1");
    private readonly Statement _remember = new(connection,
        "INSERT INTO sessions (origin, member) VALUES (@0, @1) ON CONFLICT (origin) DO UPDATE SET member = excluded.member WHERE member <> excluded.member");

    private readonly Statement _isLast = new(connection, "SELECT 1 FROM sessions WHERE origin = @0 AND member = @1");
    private readonly Statement _forgetOthers = new(connection, "DELETE FROM sessions WHERE member = @0 AND origin <> @1");
    private readonly Statement _forgetInvitations = new(connection, "DELETE FROM invitations");
    private readonly Statement _invite = new(connection, "INSERT INTO invitations (hash, expires) VALUES (@0, @1)");
    private readonly Statement _takeInvitation = new(connection, "DELETE FROM invitations WHERE hash = @0 AND expires > @1");

    public StoredMember? Find(string key) => _byKey.First(Read, key);

    public StoredMember? Find(MemberId id) => _byId.First(Read, id.Value);

    /// <summary>Who came last from an origin, if they still have their name.</summary>
    public StoredMember? FindByOrigin(string origin) => _byOrigin.First(Read, origin);

    /// <summary>Makes a member; whoever had the name has it no longer.</summary>
    public StoredMember Add(string name, string key, string origin)
    {
        _freeKey.Run(key);
        _add.Run(name, key, origin);
        return new StoredMember(new Member(new MemberId(_lastId.First(row => row.GetInt64(0))), name), null, origin);
    }

    public void Rename(MemberId member, string name, string key)
    {
        _freeKey.Run(key);
        _rename.Run(member.Value, name, key);
    }

    /// <summary>Sets the password, and takes back what other browsers were trusted with.</summary>
    public void SetPassword(MemberId member, string? hash, string origin)
    {
        _setPassword.Run(member.Value, hash);
        _forgetOthers.Run(member.Value, origin);
    }

    public bool IsLastFrom(string origin, MemberId member) => _isLast.First(_ => true, origin, member.Value);

    public void Remember(string origin, MemberId member) => _remember.Run(origin, member.Value);

    public bool HasOwner() => _owners.First(_ => true);

    public void MakeOwner(MemberId member) => _makeOwner.Run(member.Value);

    public void Invite(string hash, DateTimeOffset expires)
    {
        _forgetInvitations.Run();
        _invite.Run(hash, expires.ToUnixTimeMilliseconds());
    }

    public bool TakeInvitation(string hash, DateTimeOffset now) => _takeInvitation.Run(hash, now.ToUnixTimeMilliseconds()) == 1;

    private static StoredMember Read(SqliteDataReader row)
    {
        string? password = row.IsDBNull(3) ? null : row.GetString(3);
        return new StoredMember(new Member(new MemberId(row.GetInt64(0)), row.GetString(1), row.GetBoolean(2), password is not null), password, row.GetString(4));
    }
}
