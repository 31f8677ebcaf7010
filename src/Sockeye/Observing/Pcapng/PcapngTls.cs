namespace Sockeye;

/// <summary>How a <see cref="PcapngRecorder"/> records TLS that is ended here. TLS between others is recorded as it is, either way.</summary>
public enum PcapngTls
{
    /// <summary>What it carries, in the clear, in place of its handshake and its records.</summary>
    Clear,

    /// <summary>Every byte as it crossed the network, and the secrets with which Wireshark decrypts it.</summary>
    Encrypted,
}
