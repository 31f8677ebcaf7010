using System.Text.Json;
using Microsoft.Playwright;

namespace Sockeye.Browser.Tests;

/// <summary>axe-core, which knows what keeps people out of a page.</summary>
internal static class Axe
{
    /// <summary>What it finds wrong, a line each.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page, string state)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Tools.FromNpm("axe-core/axe.min.js")));
        JsonElement? found = await page.EvaluateAsync("""
            async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary.replaceAll("\n", " ")}`))
            """);
        return [.. found!.Value.EnumerateArray().Select(line => $"{state}: {line.GetString()}")];
    }
}
