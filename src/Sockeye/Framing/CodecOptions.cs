namespace Sockeye;

/// <summary>What the text of a codec says behind its name; null is the usual.</summary>
internal readonly record struct CodecOptions(int? Max, ByteOrder? Order, bool LengthCountsItself);
