using FsCheck.Fluent;

namespace Sockeye.Tests.Networks.Memory;

public class MemoryPipeTests
{
    [Fact]
    public void It_is_a_queue_of_bytes_whatever_the_steps()
    {
        // Positive steps write so many bytes, negative ones read.
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(-700, 700).ListOf().Select(steps => steps.ToArray()).ToArbitrary(), steps =>
        {
            MemoryPipe pipe = new();
            Queue<byte> model = new();
            byte next = 0;
            foreach (int step in steps)
            {
                if (step > 0)
                {
                    byte[] bytes = new byte[step];
                    for (int i = 0; i < step; i++)
                        model.Enqueue(bytes[i] = next++);
                    pipe.Write(bytes);
                }
                else
                {
                    byte[] buffer = new byte[-step];
                    int count = pipe.Peek(buffer);
                    pipe.Skip(count);
                    byte[] expected = [.. Enumerable.Range(0, Math.Min(-step, model.Count)).Select(_ => model.Dequeue())];
                    Assert.Equal(expected, buffer[..count]);
                }

                Assert.Equal(model.Count, pipe.Length);
            }

            pipe.Clear();
            Assert.Equal(0, pipe.Length);
        }));
    }
}
