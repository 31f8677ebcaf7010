namespace Sockeye;

/// <summary>Bytes that the kernel has received into a slot.</summary>
internal readonly record struct FilledSlot(ushort Slot, int Start, int Length);
