using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>One wait for a socket, as a field of who waits: not to be copied.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SocketWait
{
    /// <summary>In an object of its own, which is kept: the reads that most connections wait in never register.</summary>
    private StrongBox<CancellationTokenRegistration>? _registration;

    /// <summary>The next in the list of those who wait, or who are to be resumed.</summary>
    public ISocketWaiter? Next;

    /// <summary>What ends the wait early.</summary>
    public CancellationToken Token;

    /// <summary>Whether whoever cancels the token signals the socket behind that: then the wait need not register for it.</summary>
    public bool IsToldOfToken;

    public SocketEvents Events { get; private set; }

    public SocketWaitOutcome Outcome { get; private set; }

    /// <summary>It begins: what may end it early is there before it is in a list, so whoever ends it need not ask whether it came to be.</summary>
    public void Begin(SocketReadiness readiness, SocketEvents events)
    {
        Events = events;
        if (!Token.CanBeCanceled || IsToldOfToken)
            return;
        _registration ??= new StrongBox<CancellationTokenRegistration>();
        _registration.Value = Token.UnsafeRegister(static (readiness, token) => ((SocketReadiness)readiness!).Cancel(token), readiness);
    }

    /// <summary>The end, by whoever took it off the list: exactly once a wait.</summary>
    public void End(SocketWaitOutcome outcome)
    {
        if (_registration is { } registration)
        {
            registration.Value.Unregister();
            registration.Value = default;
        }

        Outcome = outcome;
        Next = null;
    }
}
