using System.Net;

namespace Sockeye.AspNetCore.Tests.Serving;

/// <summary>A request's body that the test writes piece by piece.</summary>
internal sealed class PushedContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where to write, once the request is on its way.</summary>
    public Task<Stream> Opened => _opened.Task;

    public void End() => _ended.SetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _opened.SetResult(stream);
        return _ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
