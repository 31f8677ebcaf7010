namespace Sockeye;

/// <summary>What an opening handshake came to.</summary>
/// <param name="SubProtocol">The one agreed on; null for none.</param>
/// <param name="Deflate">Compression, if agreed on.</param>
/// <param name="Target">The request's path with its query.</param>
/// <param name="Headers">What the peer sent.</param>
internal sealed record WebSocketAgreement(string? SubProtocol, DeflateParameters? Deflate, string Target, IReadOnlyDictionary<string, string> Headers);
