namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>Every row of the catalogue, for both roles, however its bytes are cut.</summary>
public class WebSocketCatalogueTests
{
    private const int CutEverywhereMax = 300;

    public static TheoryData<string> Ids => [.. WebSocketCatalogue.All.Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_a_client_sends_to_a_server(string id) => Check(id, isServer: true);

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_a_server_sends_to_a_client(string id) => Check(id, isServer: false);

    [Fact]
    public void Rows_are_told_apart_by_their_ids_and_names() =>
        Assert.Equal(WebSocketCatalogue.All.Count, WebSocketCatalogue.All.Select(row => (row.Category, row.Name)).Distinct().Count());

    private static void Check(string id, bool isServer)
    {
        WebSocketCase row = WebSocketCatalogue.All.Single(row => row.Id == id);
        byte[] bytes = row.Frames(isServer);
        Expect([bytes]);
        Expect([bytes], outputSize: 1);
        Expect([bytes], outputSize: 7);
        Random random = new(bytes.Length);
        for (int i = 0; i < 10; i++)
            Expect(Sequences.Chunks(bytes, Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next())));
        if (bytes.Length > CutEverywhereMax)
            return;
        foreach (int[] cuts in Sequences.EveryCut(bytes))
            Expect(Sequences.Chunks(bytes, cuts));
        Expect(Sequences.Chunks(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1))), outputSize: 1);

        void Expect(IEnumerable<ReadOnlyMemory<byte>> chunks, int outputSize = 4096)
        {
            if (row.Expected.Length > 0 && bytes.Length > 100_000 && outputSize == 1)
                return;
            Assert.Equal($"{row}: {row.Expected}", $"{row}: {WebSocketTranscript.Of(WebSocketTranscript.Decoder(isServer, row), chunks, outputSize)}");
        }
    }
}
