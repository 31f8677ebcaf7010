using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sockeye;

public sealed partial class SocketReadiness
{
    /// <summary>Who is woken by the signals of several sockets, to be resumed together: first all signals are counted, then somebody runs.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Woken
    {
        private ISocketWaiter? _first;

        public readonly bool IsEmpty => _first is null;

        /// <summary>As <see cref="SocketReadiness.Signal"/>, but who waited is only taken off the list.</summary>
        public void Signal(SocketReadiness readiness, SocketEvents events) => _first = readiness.Take(events, _first);

        /// <summary>Resumes all on the pool.</summary>
        /// <param name="preferLocal">Next on this thread, unless another is free: for a thread of the pool.</param>
        public void Queue(bool preferLocal)
        {
            while (_first is not null)
            {
                ISocketWaiter waiter = TakeFirst();
                ThreadPool.UnsafeQueueUserWorkItem(waiter, preferLocal);
            }
        }

        /// <summary>
        /// Resumes all from a thread of the pool: the first within this call, as the last thing the caller does; the others next, here or wherever a thread
        /// is free sooner.
        /// </summary>
        public void Resume()
        {
            ISocketWaiter first = TakeFirst();
            Queue(preferLocal: true);
            first.Execute();
        }

        /// <summary>Takes the next, for a thread of its own that runs them one by one.</summary>
        public bool TryTake([NotNullWhen(true)] out IThreadPoolWorkItem? waiter)
        {
            waiter = _first is null ? null : TakeFirst();
            return waiter is not null;
        }

        private ISocketWaiter TakeFirst()
        {
            ISocketWaiter first = _first!;
            ref SocketWait wait = ref first.Wait;
            _first = wait.Next;
            wait.End(SocketWaitOutcome.Ready);
            return first;
        }
    }
}
