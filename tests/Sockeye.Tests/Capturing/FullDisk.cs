namespace Sockeye.Tests.Capturing;

/// <summary>A file with room for so many bytes more: what does not fit is written as far as it does, as disks have it.</summary>
internal sealed class FullDisk : MemoryStream
{
    public long Room { get; set; } = long.MaxValue;

    /// <summary>It cannot go back.</summary>
    public bool IsPipe { get; init; }

    public override bool CanSeek => !IsPipe;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int length = (int)Math.Min(buffer.Length, Room);
        base.Write(buffer[..length]);
        if (Room != long.MaxValue)
            Room -= length;
        if (length < buffer.Length)
            throw new IOException("No space left on device");
    }
}
