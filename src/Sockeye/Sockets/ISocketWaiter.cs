namespace Sockeye;

/// <summary>
/// Who waits for a socket: resumed by <see cref="IThreadPoolWorkItem.Execute"/>, once for each wait, when <see cref="Wait"/> says how it ended. It is the link in the list of
/// those who wait, so one wait at a time.
/// </summary>
internal interface ISocketWaiter : IThreadPoolWorkItem
{
    /// <summary>The wait: its token is the waiter's to set, before; all else is the network's.</summary>
    ref SocketWait Wait { get; }
}
