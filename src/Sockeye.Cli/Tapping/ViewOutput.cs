using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tapping;

/// <summary>
/// Where a view is written. That its reader has gone, or its disk is full, stops nothing and is no secret: <paramref name="tell"/> hears of it once, and again if it
/// happens after something could be written.
/// </summary>
internal sealed class ViewOutput(TextWriter output, Action<IOException> tell) : TextWriter
{
    private bool _hasFailed;

    /// <summary>Whether a write does not come back.</summary>
    public StandStill StandStill { get; } = new();

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        StandStill.BeginWrite();
        try
        {
            output.Write(value);
            output.Flush();
            _hasFailed = false;
        }
        catch (IOException e)
        {
            if (!_hasFailed)
                tell(e);
            _hasFailed = true;
        }
        finally
        {
            StandStill.EndWrite();
        }
    }
}
