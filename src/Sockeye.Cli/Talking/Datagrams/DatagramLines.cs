using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>Reads an input line by line. One that is too long for a datagram is passed over without keeping it, and told.</summary>
internal static class DatagramLines
{
    public static async IAsyncEnumerable<DatagramLine> ReadAllAsync(PipeReader input, int lengthMax, [EnumeratorCancellation] CancellationToken stop)
    {
        long number = 0;
        long passedOver = 0;
        bool isOver = false;
        while (!isOver)
        {
            ReadResult result = await input.ReadAsync(stop);
            isOver = result.IsCompleted;
            ReadOnlySequence<byte> rest = result.Buffer;
            List<DatagramLine> lines = [];
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                lines.Add(Line(++number, rest.Slice(0, end), ref passedOver, lengthMax));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (isOver && (!rest.IsEmpty || passedOver > 0))
            {
                lines.Add(Line(++number, rest, ref passedOver, lengthMax));
                rest = rest.Slice(rest.End);
            }
            else if (passedOver > 0 || rest.Length > lengthMax)
            {
                passedOver += rest.Length;
                rest = rest.Slice(rest.End);
            }

            input.AdvanceTo(rest.Start, result.Buffer.End);
            foreach (DatagramLine line in lines)
                yield return line;
        }
    }

    private static DatagramLine Line(long number, ReadOnlySequence<byte> end, ref long passedOver, int lengthMax)
    {
        long length = passedOver + end.Length;
        passedOver = 0;
        return new DatagramLine(number, length > lengthMax ? null : end.ToArray(), length);
    }
}
