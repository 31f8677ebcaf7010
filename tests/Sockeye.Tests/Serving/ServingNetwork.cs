namespace Sockeye.Tests.Serving;

/// <summary>Where the tests of serving happen: over each kind of network the same.</summary>
public abstract class ServingNetwork
{
    /// <summary>Where servers listen on the clock that the test moves; on one that stands if there is none.</summary>
    public abstract Network ServerOn(TimeProvider? clock);

    /// <summary>Where the clients of such a server are.</summary>
    public abstract Network ClientOf(Network server);

    /// <summary>A path of Unix sockets that no other test uses.</summary>
    public abstract string PathIn(string folder);
}
