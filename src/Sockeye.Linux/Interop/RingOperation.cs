namespace Sockeye;

/// <summary>IORING_OP_…: what a request asks for.</summary>
internal enum RingOperation : byte
{
    PollAdd = 6,
    Cancel = 14,
    Receive = 27,
}
