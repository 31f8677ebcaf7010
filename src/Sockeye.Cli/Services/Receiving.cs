using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye.Cli.Services;

/// <summary>Reading a connection as it comes.</summary>
internal static class Receiving
{
    /// <summary>What arrives, as it arrives; each is valid until the next. Ends without an exception when <paramref name="stop"/> fires.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReceivedAsync(this Connection connection, [EnumeratorCancellation] CancellationToken stop)
    {
        bool ended = false;
        while (!ended && await TryReadAsync(connection.Input, stop) is { } result)
        {
            ended = result.IsCompleted;
            try
            {
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    yield return piece;
            }
            finally
            {
                connection.Input.AdvanceTo(result.Buffer.End);
            }
        }
    }

    /// <summary>Reads; null when <paramref name="stop"/> fired first.</summary>
    public static async ValueTask<ReadResult?> TryReadAsync(PipeReader input, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return null;
        try
        {
            return await input.ReadAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
