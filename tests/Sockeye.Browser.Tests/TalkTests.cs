using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Two people talk.</summary>
public sealed class TalkTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task Two_people_talk()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");

        await ana.SayAsync("hello");
        await Expect(bo.Saying("hello")).ToBeVisibleAsync();
        await bo.SayAsync("你好");
        await Expect(ana.Saying("你好")).ToBeVisibleAsync();
    }
}
