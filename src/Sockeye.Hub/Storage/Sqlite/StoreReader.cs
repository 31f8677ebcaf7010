using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>Reads beside the writer, on a connection and a thread of its own; several take from one queue.</summary>
internal sealed class StoreReader
{
    private readonly StoreFile _file;
    private readonly BlockingCollection<StoreWork> _queue;
    private readonly Action<StoreWork, StoreResult, Exception?> _done;
    private readonly Thread _thread;
    private StoreTables? _tables;
    private int _generation;

    public StoreReader(StoreFile file, BlockingCollection<StoreWork> queue, Action<StoreWork, StoreResult, Exception?> done)
    {
        _file = file;
        _queue = queue;
        _done = done;
        _thread = new Thread(Run) { IsBackground = true, Name = "hub store reader" };
        _thread.Start();
    }

    /// <summary>Waits until all is read, once nothing more can be added.</summary>
    public void Finish() => _thread.Join();

    private void Run()
    {
        foreach (StoreWork work in _queue.GetConsumingEnumerable())
        {
            try
            {
                _done(work, Read(work.Request), null);
            }
            catch (Exception e)
            {
                if (StoreErrors.NeedsReopening(e))
                    Close();
                _done(work, new StoreResult.Failed(work.Request, StoreErrors.ReadRefusal(e)), e is SqliteException failure ? _file.Explain(failure) : e);
            }
        }

        Close();
    }

    private StoreResult Read(StoreRequest request)
    {
        if (_generation != _file.Generation)
            Close();
        _generation = _file.Generation;
        _tables ??= new StoreTables(_file.OpenForReading());
        return request switch
        {
            StoreRequest.ReadHistory read => ReadHistory(_tables, read),
            StoreRequest.ListRooms list => new StoreResult.RoomsListed(list, _tables.Conversations.Rooms(list.Count)),
            StoreRequest.FindByOrigin find => new StoreResult.Found(find, _tables.Members.FindByOrigin(find.Origin)?.Member),
            _ => throw new NotSupportedException(request.GetType().Name),
        };
    }

    private static StoreResult ReadHistory(StoreTables tables, StoreRequest.ReadHistory request)
    {
        if (tables.Conversations.Find(request.Where)?.Conversation is not { } where || !where.IsOpenTo(request.Member))
            return StoreRules.NoSuchConversation(request);
        (List<Message> messages, bool hasMore) = tables.Messages.ReadPage(where, request.After, request.Before, request.Count);
        return new StoreResult.HistoryRead(request, where, messages, hasMore);
    }

    private void Close()
    {
        _tables?.Dispose();
        _tables = null;
    }
}
