namespace Sockeye.Tests.Conformance;

/// <summary>The calls that may wait.</summary>
public enum WaitingCall
{
    Receive,
    ReceiveAll,
    ReceiveFromStream,
    ReceiveSeveral,
    ReceiveFrom,
    ReceiveDescriptors,
    Send,
    SendAll,
    SendSeveral,
    SendTo,
    SendDescriptors,
    Accept,
    Connect,
}
