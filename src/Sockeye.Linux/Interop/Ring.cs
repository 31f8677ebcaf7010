using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// One io_uring(7): two queues in memory shared with the kernel. One thread submits and completes; <see cref="Enable"/> makes it the caller's.
/// </summary>
[SuppressMessage("Reliability", "CA2216", Justification = "A reactor disposes it; the descriptor has a finalizer.")]
internal sealed unsafe partial class Ring : IDisposable
{
    private const uint SetupCompletionSize = 1u << 3;
    private const uint SetupDisabled = 1u << 6;
    private const uint SetupSubmitAll = 1u << 7;
    private const uint SetupSingleIssuer = 1u << 12;
    private const uint SetupDeferTaskRun = 1u << 13;
    private const uint SetupNoSubmissionArray = 1u << 16;

    private const uint EnterGetEvents = 1;
    private const uint RegisterEnable = 12;
    private const uint RegisterBufferRing = 22;

    private const long SubmissionQueueOffset = 0;
    private const long CompletionQueueOffset = 0x8000000;
    private const long EntriesOffset = 0x10000000;

    private readonly Descriptor _descriptor;
    private readonly MappedMemory _submissions;
    private readonly MappedMemory? _completions;
    private readonly MappedMemory _entries;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint _submissionMask;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _completionMask;
    private readonly RingCompletion* _completed;
    private uint _tail;
    private uint _submitted;

    private Ring(Descriptor descriptor, in Parameters parameters)
    {
        _descriptor = descriptor;
        int file = descriptor.Number;
        nuint submissionSize = parameters.Submissions.Array + (parameters.SubmissionEntries * sizeof(uint));
        nuint completionSize = parameters.Completions.Entries + (parameters.CompletionEntries * (uint)sizeof(RingCompletion));
        bool isOneMapping = (parameters.Features & 1) != 0;
        _submissions = new MappedMemory(file, isOneMapping ? Math.Max(submissionSize, completionSize) : submissionSize, SubmissionQueueOffset);
        _completions = isOneMapping ? null : new MappedMemory(file, completionSize, CompletionQueueOffset);
        _entries = new MappedMemory(file, parameters.SubmissionEntries * (uint)sizeof(RingEntry), EntriesOffset);

        byte* queue = _submissions.Start;
        _submissionHead = (uint*)(queue + parameters.Submissions.Head);
        _submissionTail = (uint*)(queue + parameters.Submissions.Tail);
        _submissionMask = *(uint*)(queue + parameters.Submissions.Mask);
        if ((parameters.Flags & SetupNoSubmissionArray) == 0)
        {
            uint* array = (uint*)(queue + parameters.Submissions.Array);
            for (uint i = 0; i < parameters.SubmissionEntries; i++)
                array[i] = i;
        }

        queue = (_completions ?? _submissions).Start;
        _completionHead = (uint*)(queue + parameters.Completions.Head);
        _completionTail = (uint*)(queue + parameters.Completions.Tail);
        _completionMask = *(uint*)(queue + parameters.Completions.Mask);
        _completed = (RingCompletion*)(queue + parameters.Completions.Entries);
    }

    /// <summary>Makes a ring, without the flags that this kernel does not know.</summary>
    /// <param name="submissionEntries">The places of the submission queue, a power of two.</param>
    /// <param name="completionEntries">The places of the completion queue, a power of two and no less.</param>
    /// <param name="errno">Why there is none.</param>
    public static Ring? TryCreate(uint submissionEntries, uint completionEntries, out int errno)
    {
        uint flags = SetupDisabled | SetupCompletionSize | SetupSubmitAll | SetupSingleIssuer | SetupDeferTaskRun | SetupNoSubmissionArray;
        while (true)
        {
            Parameters parameters = new() { Flags = flags, CompletionEntries = completionEntries };
            int number = (int)syscall(SetupCall, (nint)submissionEntries, (nint)(&parameters), 0, 0, 0, 0);
            errno = number < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (number >= 0)
            {
                Descriptor descriptor = new(number);
                try
                {
                    return new Ring(descriptor, parameters);
                }
                catch (IOException)
                {
                    descriptor.Dispose();
                    errno = Errno.NoMemory;
                    return null;
                }
            }

            // The newest first.
            uint peeled = (flags & SetupNoSubmissionArray) != 0 ? SetupNoSubmissionArray : (flags & SetupDeferTaskRun) != 0 ? SetupDeferTaskRun | SetupSingleIssuer : 0;
            if (errno != Errno.InvalidArgument || peeled == 0)
                return null;
            flags &= ~peeled;
        }
    }

    /// <summary>From here on this thread's.</summary>
    /// <returns>0 or an error number.</returns>
    public int Enable() => Register(RegisterEnable, null, 0);

    /// <summary>Gives the kernel a ring of buffers to receive into (io_uring_register(2), IORING_REGISTER_PBUF_RING).</summary>
    /// <returns>0 or an error number.</returns>
    public int RegisterBuffers(void* ring, uint entries, ushort group)
    {
        BufferRegistration registration = new() { Ring = (ulong)ring, Entries = entries, Group = group };
        return Register(RegisterBufferRing, &registration, 1);
    }

    /// <summary>The next entry to fill, zeroed; the kernel sees it at the next <see cref="Enter"/>. A full queue is submitted first.</summary>
    public RingEntry* Next()
    {
        while (_tail - Volatile.Read(ref *_submissionHead) > _submissionMask)
            Enter(waits: false);
        RingEntry* entry = (RingEntry*)_entries.Start + (_tail++ & _submissionMask);
        *entry = default;
        return entry;
    }

    /// <summary>Submits what was filled in and lets the kernel complete; waits for one completion if <paramref name="waits"/>.</summary>
    public void Enter(bool waits)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        uint count = _tail - _submitted;
        nint taken = syscall(EnterCall, _descriptor.Number, (nint)count, waits && !HasCompletion ? 1 : 0, (nint)EnterGetEvents, 0, 0);

        // Interrupted, out of memory for a moment, or completions to be taken first (EINTR, EAGAIN, EBUSY): the entries are still there, and go with the next.
        if (taken > 0)
            _submitted += (uint)taken;
    }

    /// <summary>Whether the kernel has not seen all that was filled in.</summary>
    public bool HasUnsubmitted => _submitted != _tail;

    /// <summary>Whether a completion is there to be taken.</summary>
    public bool HasCompletion => *_completionHead != Volatile.Read(ref *_completionTail);

    /// <summary>Takes the next completion.</summary>
    public bool TryComplete(out RingCompletion completion)
    {
        uint head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail))
        {
            completion = default;
            return false;
        }

        completion = _completed[head & _completionMask];
        Volatile.Write(ref *_completionHead, head + 1);
        return true;
    }

    public void Dispose()
    {
        _descriptor.Dispose();
        _entries.Dispose();
        _completions?.Dispose();
        _submissions.Dispose();
    }

    private int Register(uint operation, void* argument, uint count) =>
        syscall(RegisterCall, _descriptor.Number, (nint)operation, (nint)argument, (nint)count, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;

    private const nint SetupCall = 425;
    private const nint EnterCall = 426;
    private const nint RegisterCall = 427;

    /// <summary>The numbers are the same on every architecture (io_uring is newer than their common table).</summary>
    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [StructLayout(LayoutKind.Sequential)]
    private struct Parameters
    {
        public uint SubmissionEntries;
        public uint CompletionEntries;
        public uint Flags;
        public uint ThreadProcessor;
        public uint ThreadIdle;
        public uint Features;
        public uint WorkQueue;
        public uint Reserved0;
        public uint Reserved1;
        public uint Reserved2;
        public SubmissionOffsets Submissions;
        public CompletionOffsets Completions;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SubmissionOffsets
    {
        public uint Head;
        public uint Tail;
        public uint Mask;
        public uint Count;
        public uint Flags;
        public uint Dropped;
        public uint Array;
        public uint Reserved;
        public ulong UserAddress;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CompletionOffsets
    {
        public uint Head;
        public uint Tail;
        public uint Mask;
        public uint Count;
        public uint Overflow;
        public uint Entries;
        public uint Flags;
        public uint Reserved;
        public ulong UserAddress;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct BufferRegistration
    {
        public ulong Ring;
        public uint Entries;
        public ushort Group;
        public ushort Flags;
        public ulong Reserved0;
        public ulong Reserved1;
        public ulong Reserved2;
    }
}
