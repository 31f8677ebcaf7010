namespace Sockeye.Linux.Tests.Interop;

public class RingPlacesTests
{
    [Fact]
    public void Who_has_left_is_not_found_also_when_another_is_there()
    {
        RingPlaces places = new();
        using DescriptorPair pair = new();
        RingReceiver one = Receiver(), other = Receiver();
        int place = places.Add(one);
        uint generation = places.GenerationOf(place);
        Assert.Same(one, places.Find(place, generation));

        places.Remove(one);
        Assert.Null(places.Find(place, generation));
        Assert.Equal(place, places.Add(other));
        Assert.Null(places.Find(place, generation));
        Assert.Same(other, places.Find(place, places.GenerationOf(place)));
        Assert.Equal((1, -1), (places.Count, one.Place));

        RingReceiver Receiver() => new(ring: null!, pair.First, new SocketReadiness());
    }

    [Fact]
    public void More_come_than_there_was_room_for_and_a_place_that_never_was_is_nobodys()
    {
        const int Many = 1000;
        RingPlaces places = new();
        using DescriptorPair pair = new();
        RingReceiver[] all = [.. Enumerable.Range(0, Many).Select(_ => new RingReceiver(ring: null!, pair.First, new SocketReadiness()))];
        Assert.Equal(Enumerable.Range(0, Many), all.Select(places.Add));
        Assert.Equal(all, all.Select(one => places.Find(one.Place, places.GenerationOf(one.Place))!));
        Assert.Null(places.Find(Many, generation: 0));
        Assert.Null(places.Find(-1, generation: 0));
    }
}
