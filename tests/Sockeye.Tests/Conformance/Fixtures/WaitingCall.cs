namespace Sockeye.Tests.Conformance;

/// <summary>The calls that may wait.</summary>
public enum WaitingCall
{
    Receive,
    ReceiveAll,
    ReceiveFromStream,
    ReceiveSeveral,
    ReceiveFrom,
    ReceiveBatch,
    ReceiveDescriptors,
    Send,
    SendAll,
    SendSeveral,
    SendTo,
    SendBatch,
    SendDescriptors,
    Accept,
    Connect,
}
