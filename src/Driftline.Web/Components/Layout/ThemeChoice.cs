using Driftline.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Driftline.Web.Components.Layout;

/// <summary>The theme that a browser tab has chosen: the button in the top bar and the page of settings show and change the same.</summary>
public sealed class ThemeChoice(IJSRuntime js) : IAsyncDisposable
{
    private BrowserModule? _module;

    /// <summary>The choices, in the order in which the button goes round.</summary>
    public static IReadOnlyList<string> All { get; } = ["system", "light", "dark"];

    /// <summary>The choice has changed.</summary>
    public event Action? Changed;

    /// <summary>The choice; null until the browser has been asked.</summary>
    public string? Current { get; private set; }

    /// <summary>Asks the browser what it remembers (js/theme.js); once is enough.</summary>
    /// <param name="path">The module's address, as <see cref="ComponentBase"/>'s <c>Assets</c> gives it.</param>
    public async Task LoadAsync(string path)
    {
        if (_module is null)
        {
            _module = new BrowserModule(js, path);
            var stored = await _module.InvokeAsync<string>("current");
            Show(All.Contains(stored) ? stored! : All[0]);
        }
    }

    /// <summary>Chooses a theme; the browser remembers it.</summary>
    public async Task ChooseAsync(string choice)
    {
        Show(choice);
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("choose", choice);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _module?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Show(string choice)
    {
        Current = choice;
        Changed?.Invoke();
    }
}
