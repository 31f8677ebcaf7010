using Microsoft.Playwright;
using Sockeye.Hub.Domain;
using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>The hub answers when it can, and the page draws when it may: what somebody does meanwhile holds.</summary>
public sealed class LateAnswerTests(Chromium chromium) : PageTests(chromium)
{
    private readonly HeldStore _store = new(request => request is StoreRequest.OpenDirect { Text: null });

    [Fact]
    public async Task Who_went_elsewhere_is_not_taken_away_by_a_late_answer()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await ana.WriteAsync("/msg Bo only for you");
        await _store.WaitsAsync();
        await ana.Conversation("lobby").ClickAsync();
        await ana.Composer.FillAsync("half a sen");

        _store.Release();

        await Expect(ana.Conversation("Bo")).ToBeVisibleAsync();
        await Expect(bo.Conversation("Ana").Locator(".count")).ToContainTextAsync("1");
        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        await Expect(ana.Composer).ToHaveValueAsync("half a sen");
        await Expect(ana.Messages).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Each_is_told_what_was_meant_for_them_however_late_the_answers_come()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        Person cy = await EnterAsync("Cy");
        await ana.WriteAsync("/msg bo for Bo");
        await _store.WaitsAsync();
        await ana.WriteAsync("/msg Cy for Cy");
        await _store.WaitsAsync();
        _store.Release();

        foreach ((Person person, string text) in new[] { (bo, "for Bo"), (cy, "for Cy") })
        {
            await person.Conversation("Ana").ClickAsync();
            await Expect(person.Saying(text)).ToBeVisibleAsync();
            await Expect(person.Messages).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task What_is_typed_before_the_next_frame_is_typed_in_the_conversation_that_was_chosen()
    {
        Person ana = await EnterAsync("Ana");
        await ana.JoinAsync("garden");
        await ana.Composer.FillAsync("of the garden");

        await ana.Page.EvaluateAsync("""
            () => {
                [...document.querySelectorAll("#rooms button")].find(room => room.textContent.includes("lobby")).click();
                const text = document.getElementById("text");
                text.value += "of the lobby";
                text.dispatchEvent(new Event("input"));
                return new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            }
            """);

        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        await Expect(ana.Composer).ToHaveValueAsync("of the lobby");
        await ana.Conversation("garden").ClickAsync();
        await Expect(ana.Composer).ToHaveValueAsync("of the garden");
    }

    private protected override Task<RunningHub> StartAsync() => RunningHub.StartAsync(_store);
}
