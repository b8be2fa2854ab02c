using Driftline.Web.Components.Layout;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Components.Layout;

public sealed class ThemeButtonTests : BunitContext
{
    public ThemeButtonTests()
    {
        Services.AddScoped<ThemeChoice>();
    }

    [Fact]
    public void The_button_says_what_the_browser_remembers_and_goes_round()
    {
        var theme = JSInterop.SetupModule("./js/theme.js");
        theme.Setup<string>("current").SetResult("light");
        theme.SetupVoid("choose", "dark").SetVoidResult();
        theme.SetupVoid("choose", "system").SetVoidResult();
        var button = Render<ThemeButton>();
        Assert.Equal("Theme: light", button.Find("button").GetAttribute("aria-label"));

        button.Find("button").Click();
        Assert.Equal("Theme: dark", button.Find("button").GetAttribute("aria-label"));

        button.Find("button").Click();
        Assert.Equal("Theme: system", button.Find("button").GetAttribute("aria-label"));
        Assert.Equal(["dark", "system"], theme.Invocations["choose"].Select(call => call.Arguments[0]));
    }

    [Fact]
    public void What_the_browser_cannot_have_remembered_is_the_system()
    {
        JSInterop.SetupModule("./js/theme.js").Setup<string>("current").SetResult("purple");

        Assert.Equal("Theme: system", Render<ThemeButton>().Find("button").GetAttribute("aria-label"));
    }
}
