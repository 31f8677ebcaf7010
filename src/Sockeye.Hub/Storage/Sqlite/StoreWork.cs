using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>A request on its way through the store.</summary>
/// <param name="Request">What is asked for.</param>
/// <param name="Asker">Who has the answer instead of the chat; null: the chat has it.</param>
/// <param name="Password">What was found out about its password; null: nothing yet.</param>
internal sealed record StoreWork(StoreRequest Request, TaskCompletionSource<StoreResult>? Asker = null, PasswordWork? Password = null);
