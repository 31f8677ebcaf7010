namespace Sockeye.Hub.Domain;

/// <summary>The kinds of refusals.</summary>
internal enum RefusalCode
{
    /// <summary>A name is needed first.</summary>
    NoName,

    /// <summary>The name cannot be one.</summary>
    BadName,

    /// <summary>Somebody has the name, or one that looks like it.</summary>
    NameTaken,

    /// <summary>The name is kept by a password, and this was not it.</summary>
    WrongPassword,

    /// <summary>The password cannot be one.</summary>
    BadPassword,

    /// <summary>The room's name cannot be one.</summary>
    BadRoom,

    /// <summary>The client is not in that room.</summary>
    NotInRoom,

    /// <summary>There are too many rooms, or the client is in too many.</summary>
    TooManyRooms,

    /// <summary>There is nobody of that name.</summary>
    NoSuchMember,

    /// <summary>There is no such conversation, or it is not this member's.</summary>
    NoSuchConversation,

    /// <summary>There was nothing in the message.</summary>
    Empty,

    /// <summary>The message is too long.</summary>
    TooLong,

    /// <summary>Too much in too short a time.</summary>
    TooFast,

    /// <summary>The secret that makes an owner was not this, was used before, or is too old.</summary>
    BadInvitation,

    /// <summary>The store could not do it: a full disk, a file that is locked or damaged.</summary>
    StoreFailed,
}
