namespace Sockeye;

/// <summary>
/// The options of an IPv4 (RFC 791 section 3.1) or TCP (RFC 9293 section 3.1) header, one after the other: <c>foreach</c> goes through them
/// without the fillers, to the end-of-options mark or the header's end.
/// </summary>
public readonly ref struct PacketOptions
{
    private const byte End = 0;
    private const byte NoOperation = 1;

    internal PacketOptions(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>All of them with their fillers, as they stand in the header: 0 to 40 bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Goes through the options.</summary>
    public Enumerator GetEnumerator() => new(Bytes);

    internal static bool AreWellFormed(ReadOnlySpan<byte> bytes)
    {
        Enumerator options = new(bytes);
        while (options.MoveNext())
        {
            // Each is looked at: that is all.
        }

        return !options.RanOver;
    }

    /// <summary>Goes through the options; what <c>foreach</c> uses.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The option it stands at.</summary>
        public PacketOption Current { get; private set; }

        /// <summary>It ended at an option that is malformed.</summary>
        internal bool RanOver { get; private set; }

        /// <summary>Goes to the next option; false: there is none.</summary>
        public bool MoveNext()
        {
            while (_rest.Length > 0 && _rest[0] == NoOperation)
                _rest = _rest[1..];
            if (_rest.Length == 0 || _rest[0] == End)
                return false;
            if (_rest.Length < 2 || _rest[1] < 2 || _rest[1] > _rest.Length)
            {
                RanOver = true;
                return false;
            }

            int length = _rest[1];
            Current = new PacketOption(_rest[0], _rest[2..length]);
            _rest = _rest[length..];
            return true;
        }
    }
}
