namespace Sockeye.Hub.Gateways.Text;

/// <summary>What follows from a telnet command.</summary>
internal readonly record struct TelnetAnswer(TelnetAnswerKind Kind, byte[]? Reply = null);
