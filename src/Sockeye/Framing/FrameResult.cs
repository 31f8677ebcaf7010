using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>What <see cref="FrameReader{T}.ReadAsync"/> found: a frame, or the end of the stream (the default value).</summary>
/// <typeparam name="T">What a frame is to the program.</typeparam>
[StructLayout(LayoutKind.Auto)]
public readonly struct FrameResult<T>
{
    private readonly T? _frame;
    private readonly bool _hasFrame;

    internal FrameResult(T frame)
    {
        _frame = frame;
        _hasFrame = true;
    }

    /// <summary>Whether the stream has ended, in good order, with no further frame.</summary>
    public bool IsEnd => !_hasFrame;

    /// <summary>The frame.</summary>
    /// <exception cref="InvalidOperationException">The stream has ended.</exception>
    public T Frame => _hasFrame ? _frame! : throw new InvalidOperationException("The stream has ended: there is no frame.");

    /// <summary>Gets the frame if there is one: <c>while ((await reader.ReadAsync()).TryGetFrame(out var frame))</c>.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns><see langword="false"/> if the stream has ended.</returns>
    public bool TryGetFrame([MaybeNullWhen(false)] out T frame)
    {
        frame = _frame;
        return _hasFrame;
    }
}
