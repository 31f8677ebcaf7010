using System.Threading.Tasks.Sources;

namespace Sockeye;

public sealed partial class SocketReadiness
{
    /// <summary>One who awaits. Kept and used again by its owner, so that a steady stream of waits allocates nothing.</summary>
    private sealed class Waiter(SocketReadiness owner) : IValueTaskSource<bool>, ISocketWaiter
    {
        private ManualResetValueTaskSourceCore<bool> _source;
        private SocketWait _wait;
        private ITimer? _timer;

        public ref SocketWait Wait => ref _wait;

        public short Version => _source.Version;

        public void PrepareTimer(TimeProvider time) =>
            _timer = time.CreateTimer(static state => ((Expiry)state!).Expire(), new Expiry(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        /// <summary>The wait has begun, and may have ended already.</summary>
        public void StartTimer(TimeSpan timeout) => Volatile.Read(ref _timer)?.Change(timeout, Timeout.InfiniteTimeSpan);

        /// <summary>It came to no wait.</summary>
        public void GiveUp()
        {
            StopTimer();
            BeSpare();
        }

        public void Execute()
        {
            StopTimer();
            switch (_wait.Outcome)
            {
                case SocketWaitOutcome.Ready:
                    _source.SetResult(true);
                    break;
                case SocketWaitOutcome.TimedOut:
                    _source.SetResult(false);
                    break;
                case SocketWaitOutcome.Cancelled:
                    _source.SetException(new OperationCanceledException(_wait.Token));
                    break;
                default:
                    _source.SetException(Closed());
                    break;
            }
        }

        private void StopTimer()
        {
            _timer?.Dispose();
            _timer = null;
        }

        private void BeSpare()
        {
            _wait.Token = default;
            Volatile.Write(ref owner._spare, this);
        }

        private void Expire(short version)
        {
            if (owner.Remove(this, version))
                owner.Resume(this, _wait.Token.IsCancellationRequested ? SocketWaitOutcome.Cancelled : SocketWaitOutcome.TimedOut);
        }

        bool IValueTaskSource<bool>.GetResult(short token)
        {
            try
            {
                return _source.GetResult(token);
            }
            finally
            {
                _source.Reset();
                BeSpare();
            }
        }

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        private sealed class Expiry(Waiter waiter)
        {
            private readonly short _version = waiter.Version;

            public void Expire() => waiter.Expire(_version);
        }
    }
}
