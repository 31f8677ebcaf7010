using Sockeye.Hub.Running;

namespace Sockeye.Hub.Tests.Running;

/// <summary>When memory is given back.</summary>
public class MemoryTrimTests
{
    private readonly MemoryTrim _trim;
    private int _clients;
    private long _allocated;
    private int _trims;

    public MemoryTrimTests() => _trim = new MemoryTrim(() => _clients, () => _allocated, () => _trims++);

    [Fact]
    public void Once_after_many_have_come_and_once_after_they_have_gone()
    {
        Assert.Equal(0, Look(clients: MemoryTrim.ClientsMin - 1));
        Assert.Equal(1, Look(clients: MemoryTrim.ClientsMin));
        Assert.Equal(1, Look(clients: MemoryTrim.ClientsMin));
        Assert.Equal(2, Look(clients: 0));
    }

    [Fact]
    public void Not_while_much_is_going_on_but_when_it_is_over()
    {
        Assert.Equal(0, Look(clients: 1_000, allocated: MemoryTrim.QuietBytesMax + 1));
        Assert.Equal(0, Look(clients: 2_000, allocated: MemoryTrim.QuietBytesMax + 1));
        Assert.Equal(1, Look(clients: 2_000, allocated: MemoryTrim.QuietBytesMax));
    }

    private int Look(int clients, long allocated = 0)
    {
        _clients = clients;
        _allocated += allocated;
        _trim.Look();
        return _trims;
    }
}
